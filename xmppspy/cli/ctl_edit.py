"""Editing a held frame in the person's editor."""

import os
from contextlib import suppress
from functools import partial
from typing import Final

import click

from xmppspy.cli.editor import edited
from xmppspy.control import replies, requests
from xmppspy.control.client import Control
from xmppspy.control.frames import stream
from xmppspy.errors import ControlError, MalformedXML, RequestRefused, UsageError
from xmppspy.intervene import fragments
from xmppspy.view.layout import indented, joined

_SECONDS: Final = 30.0
"""What frames have left at least while somebody edits one of them."""

_CHOICES: Final = "e edits it again, f sends it as it is, k keeps the frame held"


class Editing:
    """Has a person edit held frames of the proxy that `control` is connected to.

    With `is_exact` the text is exactly what was sent, else it is laid out for reading, and the
    white space that was put in for that is taken out again.
    """

    def __init__(self, control: Control, *, is_exact: bool = False) -> None:
        self._control = control
        self._is_exact = is_exact

    def edit(self, n: int) -> bool:
        """Edit frame `n`; False when it is held as before, because nothing was changed.

        Raises RequestRefused when it is not held, or not any more.
        """
        frame = self._find(n)
        if frame.xml is None:
            raise UsageError(
                f"frame {n} is no text, or dropped by a rule; give the XML as argument"
            )
        is_laid_out = not self._is_exact and _comes_back(frame.xml)
        text = shown = (indented(frame.xml.encode()).decode() if is_laid_out else frame.xml) + "\n"
        busy = partial(_keep_held, self._control)
        while True:
            busy()
            text = edited(text, os.environ, busy)
            busy()
            if not text.strip() or text.rstrip("\n") == shown.rstrip("\n"):
                return False
            choice = self._choice(text, frame)
            if choice == "k":
                return False
            if choice != "e":
                break
        self._send(n, text, is_forced=choice == "f", is_laid_out=is_laid_out)
        return True

    def _find(self, n: int) -> replies.HeldFrame:
        held = self._control.ask(requests.Held(), replies.HeldFrames)
        for frame in held.frames:
            if frame.n == n:
                return frame
        numbers = ", ".join(str(frame.n) for frame in held.frames) or "none"
        raise RequestRefused(f"frame {n} is not held, or not any more; held: {numbers}", "not-held")

    def _choice(self, text: str, frame: replies.HeldFrame) -> str:
        """What to do with a text: send it, when it is as it has to be; else the person says."""
        try:
            fragments.elements(text, stream(frame))
        except MalformedXML as error:
            line = error.text.count("\n", 0, error.position) + 1
            click.echo(f"not well-formed, line {line}: {error.reason}\n{error.shown}", err=True)
            choice: str = click.prompt(
                _CHOICES, type=click.Choice(["e", "f", "k"]), default="e", err=True
            )
            return choice
        return "send"

    def _send(self, n: int, text: str, *, is_forced: bool, is_laid_out: bool) -> None:
        xml = text.removesuffix("\n")
        if is_laid_out and not is_forced:
            xml = joined(xml.encode()).decode()
        try:
            request = requests.Edit(n=n, xml=xml, force=is_forced)
            self._control.ask(request, replies.Decided)
        except ControlError:
            click.echo(text)  # it is the person's work
            raise


def _keep_held(control: Control) -> None:
    """Let everything that is held wait for some time more: who decides about it is busy."""
    with suppress(ControlError):  # sending it will tell
        control.ask(requests.Extend(n="all", seconds=_SECONDS), replies.Decided)


def _comes_back(xml: str) -> bool:
    """Whether laying it out for reading can be undone."""
    data = xml.encode()
    return joined(indented(data)) == data
