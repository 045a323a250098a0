"""The commands of `ctl` about frames that are held."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import click

from xmppspy.cli import completion
from xmppspy.cli.ctl_asking import Asking, asking, given, which
from xmppspy.cli.quantities import SECONDS
from xmppspy.errors import UsageError

if TYPE_CHECKING:
    from xmppspy.control.replies import Decided, HeldFrames
    from xmppspy.control.requests import AnyRequest
    from xmppspy.view.look import Look


@click.command(short_help="Which frames are held: set, show, on, off.")
@click.argument("filters", metavar="[FILTER...|on|off]", nargs=-1,
                shell_complete=completion.filters)  # fmt: skip
@click.option("--timeout", type=SECONDS, metavar="S",
              help="Seconds that a frame waits for a decision at most.  [default: 30, or the "
              "proxy's --hold-timeout]")  # fmt: skip
@click.option("--otherwise", type=click.Choice(["forward", "drop"]),
              help="What becomes of a frame that nobody decides about in time.  "
              "[default: forward, or the proxy's --hold-otherwise]")  # fmt: skip
@asking
def hold(
    asking: Asking, filters: tuple[str, ...], timeout: float | None, otherwise: str | None
) -> None:
    """Hold what matches FILTER from now on; without FILTER, tell what is held.

    A frame that is held waits until somebody decides about it, or time is up; what comes behind
    it in the same direction waits, too. `off` lets frames pass again, those that are held already
    go on waiting; `on` holds them as before. Another FILTER begins with the defaults again;
    without one, --timeout and --otherwise change how frames are held at present.

    \b
    xmppspy ctl hold message c2s
    xmppspy ctl hold xep:0313 --timeout 120 --otherwise drop
    xmppspy ctl hold off
    """
    from xmppspy.control import replies, requests
    from xmppspy.view.control import breakpoint_

    switch = {"on": True, "off": False}.get(" ".join(filters))
    request = requests.Hold(
        filter=None if switch is not None else _filter(filters),
        timeout=timeout,
        otherwise=otherwise,  # type: ignore[arg-type] # click has checked it
        on=switch,
    )
    reply = asking.ask(request, replies.Breakpoint)
    asking.show(reply, lambda _: f"holding {breakpoint_(reply)}\n")


def _filter(words: tuple[str, ...]) -> str | None:
    """The canonical text of a filter. Raises FilterError."""
    if not words:
        return None
    from xmppspy.filters import Filter

    made = Filter.from_arguments(words)
    for hint in made.hints:
        click.echo(f"xmppspy: {hint}", err=True)
    return str(made)


@click.command(short_help="The frames that are held.")
@asking
def held(asking: Asking) -> None:
    """List the frames that wait for a decision, and how long they still do."""
    from xmppspy.control import replies, requests

    with asking.connect() as control:
        reply = control.ask(requests.Held(), replies.HeldFrames)
        now = control.ask(requests.Status(), replies.Status).t
    asking.show(reply, lambda look: _table(reply, look, now))


def _table(reply: HeldFrames, look: Look, now: float) -> str:
    from xmppspy.view.interventions import held as words

    return words(reply, look, now)


_frames: Final = click.argument("frames", metavar="N...|all", nargs=-1, required=True)


@click.command(short_help="Let a held frame go on.")
@_frames
@asking
def release(asking: Asking, frames: tuple[str, ...]) -> None:
    """Let the held frames N go on as they would have, or `all` of them."""
    from xmppspy.control import requests

    _decide(asking, [requests.Release(n=which(n, "frame")) for n in frames], "let go")


@click.command(short_help="Drop a held frame.")
@_frames
@asking
def drop(asking: Asking, frames: tuple[str, ...]) -> None:
    """Drop the held frames N, or `all` of them."""
    from xmppspy.control import requests

    _decide(asking, [requests.Drop(n=which(n, "frame")) for n in frames], "dropped")


@click.command(short_help="Let a held frame go on more than once.")
@_frames
@click.option("--copies", default=2, show_default=True, metavar="N",
              type=click.IntRange(min=2), help="How often it leaves.")  # fmt: skip
@asking
def duplicate(asking: Asking, frames: tuple[str, ...], copies: int) -> None:
    """Let the held frames N go on twice, or more often."""
    from xmppspy.control import requests

    wanted = [requests.Duplicate(n=which(n, "frame"), copies=copies) for n in frames]
    _decide(asking, wanted, f"sent {copies} times")


@click.command(short_help="Let a held frame wait for longer.")
@_frames
@click.option("--seconds", default=30.0, show_default=True, metavar="S",
              type=SECONDS, help="How long at least, from now on.")  # fmt: skip
@asking
def extend(asking: Asking, frames: tuple[str, ...], seconds: float) -> None:
    """Let the held frames N wait for longer."""
    from xmppspy.control import requests

    wanted = [requests.Extend(n=which(n, "frame"), seconds=seconds) for n in frames]
    _decide(asking, wanted, f"waits {seconds:g} s at least")


def _decide(asking: Asking, wanted: Sequence[AnyRequest], done: str) -> None:
    from xmppspy.control import replies

    numbers: list[int] = []
    with asking.connect() as control:
        for request in wanted:
            numbers += control.ask(request, replies.Decided).n
    reply = replies.Decided(n=numbers)
    asking.show(reply, lambda _: _decided(reply, done))


def _decided(reply: Decided, done: str) -> str:
    if not reply.n:
        return "nothing is held\n"
    return "".join(f"frame {n}: {done}\n" for n in reply.n)


@click.command(short_help="Let something else go on in the place of a held frame.")
@click.argument("frame", metavar="N", type=int)
@click.argument("xml", required=False, metavar="[XML|-]")
@click.option("--exact", is_flag=True, help="Edit the exact text instead of an indented one.")
@click.option("--force", is_flag=True, help="Send it even if it is not well-formed in its stream.")
@asking
def edit(asking: Asking, frame: int, xml: str | None, exact: bool, force: bool) -> None:
    """Let XML go on in the place of the held frame N; `-` reads it from standard input.

    Without XML, your editor ($VISUAL, $EDITOR) opens with the stanza; the frame waits as long as
    it is open. The white space that makes it readable there is taken out again. What is not
    well-formed in its stream is not sent.

    \b
    xmppspy ctl edit 17
    xmppspy ctl edit 17 "<message to='juliet@capulet.example'><body>Hist!</body></message>"
    """
    from xmppspy.cli.ctl_edit import Editing
    from xmppspy.control import replies, requests

    with asking.connect() as control:
        if xml is None:
            if force or asking.as_json:
                raise UsageError("--force and --json need the XML, or - for standard input")
            click.echo(f"frame {frame}: {Editing(control, is_exact=exact).edit(frame)}")
            return
        request = requests.Edit(n=frame, xml=given(xml), force=force)
        reply = control.ask(request, replies.Decided)
    asking.show(reply, lambda _: _decided(reply, "edited"))


COMMANDS: Final = (hold, held, release, drop, duplicate, extend, edit)
"""In the order in which `--help` lists them."""
