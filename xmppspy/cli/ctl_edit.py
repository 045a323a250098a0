"""Editing a held frame in the person's editor."""

import os
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from functools import partial
from typing import Final

import click

from xmppspy.cli.editor import BEAT, edited
from xmppspy.cli.keyboard import Keyboard
from xmppspy.control import replies, requests
from xmppspy.control.client import Control
from xmppspy.control.frames import stream
from xmppspy.errors import ControlError, MalformedXML, RequestRefused, UsageError
from xmppspy.intervene import fragments
from xmppspy.view.layout import indented, joined

_LEAST: Final = 10.0
"""Seconds that frames have left at least while somebody edits one of them."""

_CHOICES: Final = "e edits it again, s sends it as it is, k keeps the frame held"


class Outcome(StrEnum):
    """What has come of editing a frame."""

    EDITED = "edited"
    KEPT = "not edited, and held as before"
    GONE = "not edited, and not held any more"


class Editing:
    """Has a person edit held frames of the proxy that `control` is connected to.

    With `is_exact` the text is exactly what was sent, else it is laid out for reading, and the
    white space that was put in for that is taken out again.
    """

    def __init__(self, control: Control, *, is_exact: bool = False) -> None:
        self._control = control
        self._is_exact = is_exact

    def edit(self, n: int) -> Outcome:
        """Edit frame `n`, unless the person changes nothing.

        Raises RequestRefused when it is not held, or when it was changed and is not held any more.
        """
        frame = self._find(n)
        if frame is None:
            raise self._not_held(n)
        if frame.xml is None:
            raise UsageError(
                f"frame {n} is no text, or dropped by a rule; give the XML as argument"
            )
        is_laid_out = not self._is_exact and _comes_back(frame.xml)
        text = shown = (indented(frame.xml.encode()).decode() if is_laid_out else frame.xml) + "\n"
        breakpoint_ = self._control.ask(requests.Hold(), replies.Breakpoint)
        busy = partial(_keep_held, self._control, max(breakpoint_.timeout, _LEAST))
        while True:
            busy()
            text = edited(text, os.environ, busy)
            busy()
            if not text.strip() or text.rstrip("\n") == shown.rstrip("\n"):
                return self._unchanged(n)
            choice = _choice(text, frame, busy)
            if choice == "k":
                return self._unchanged(n)
            if choice != "e":
                break
        self._send(n, text, is_forced=choice == "s", is_laid_out=is_laid_out)
        return Outcome.EDITED

    def _unchanged(self, n: int) -> Outcome:
        return Outcome.GONE if self._find(n) is None else Outcome.KEPT

    def _find(self, n: int) -> replies.HeldFrame | None:
        return next((frame for frame in self._held() if frame.n == n), None)

    def _held(self) -> list[replies.HeldFrame]:
        return self._control.ask(requests.Held(), replies.HeldFrames).frames

    def _not_held(self, n: int) -> RequestRefused:
        numbers = ", ".join(str(frame.n) for frame in self._held()) or "none"
        return RequestRefused(
            f"frame {n} is not held, or not any more; held: {numbers}", "not-held"
        )

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


def _keep_held(control: Control, seconds: float) -> None:
    """Let everything that is held wait for some time more: who decides about it is busy."""
    with suppress(ControlError):  # sending it will tell
        control.ask(requests.Extend(n="all", seconds=seconds), replies.Decided)


def _choice(text: str, frame: replies.HeldFrame, busy: Callable[[], None]) -> str:
    """What to do with a text: send it, when it is as it has to be; else the person says.

    Raises MalformedXML where there is nobody at a terminal who could.
    """
    try:
        fragments.elements(text, stream(frame))
    except MalformedXML as error:
        with Keyboard() as keyboard:
            if not keyboard.are_there:
                click.echo(text)  # it is the person's work
                raise
            line = error.text.count("\n", 0, error.position) + 1
            click.echo(f"not well-formed, line {line}: {error.reason}\n{error.shown}", err=True)
            click.echo(_CHOICES, err=True)
            return _key(keyboard, busy)
    return "send"


def _key(keyboard: Keyboard, busy: Callable[[], None]) -> str:
    """The next key that is one of the choices."""
    while (key := keyboard.wait(BEAT)) not in ("e", "s", "k"):
        if key == "q":  # also when the terminal is gone
            return "k"
        busy()
    return key


def _comes_back(xml: str) -> bool:
    """Whether laying it out for reading can be undone."""
    data = xml.encode()
    return joined(indented(data)) == data
