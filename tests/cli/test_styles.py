import gc
import io
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import BinaryIO

import click
import pytest
from click.testing import CliRunner

from xmppspy.cli.styles import ColorChoice, Styles, look_options, standard_output, style_options
from xmppspy.errors import UsageError
from xmppspy.protocol.events import Mark
from xmppspy.view.look import StyleName


class Terminal(io.BytesIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """It does."""
        return True


def chosen(*arguments: str) -> Styles:
    """What a command with the options is told."""
    found: list[Styles] = []

    @click.command()
    @style_options
    def command(styles: Styles) -> None:
        found.append(styles)

    result = CliRunner().invoke(command, arguments)
    assert result.exit_code == 0, result.output
    return found[0]


def test_the_default_is_pretty() -> None:
    """Without options, what is best for people."""
    assert chosen() == Styles("pretty", "auto", full=False, utc=False, relative=False)


@pytest.mark.parametrize("style", ["pretty", "brief", "raw", "bytes", "json"])
def test_each_style_has_a_switch(style: str) -> None:
    """The last one given counts."""
    assert chosen("--brief", f"--{style}").style == style


@pytest.mark.parametrize(
    "styles",
    [
        Styles(),
        Styles("brief", "never", full=True),
        Styles("json", "always", utc=True, relative=True),
    ],
)
def test_the_options_can_be_handed_on(styles: Styles) -> None:
    """`arguments` are the options that say the same to another process."""
    assert chosen(*styles.arguments()) == styles


@pytest.mark.parametrize("style", ["raw", "bytes", "json"])
def test_some_styles_have_no_place_for_remarks(style: StyleName) -> None:
    """The error says what to do instead."""
    with pytest.raises(UsageError, match=f"--{style} has no place for findings"):
        Styles(style).check_for_remarks()

    Styles("brief").check_for_remarks()


def test_bytes_are_refused_on_a_terminal() -> None:
    """They would act on it; the error says what to do instead."""
    Styles("bytes").check(io.BytesIO())
    Styles("raw").check(Terminal())

    with pytest.raises(UsageError, match=r"redirect .* or use --raw"):
        Styles("bytes").check(Terminal())


@pytest.mark.parametrize(
    ("color", "output", "expected"),
    [
        ("auto", io.BytesIO(), False),
        ("auto", Terminal(), True),
        ("never", Terminal(), False),
        ("always", io.BytesIO(), True),
    ],
)
def test_colours_go_to_terminals(
    monkeypatch: pytest.MonkeyPatch, color: ColorChoice, output: BinaryIO, expected: bool
) -> None:
    """Unless something else was asked for."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    shown = Styles("brief", color).printer(output, None)(Mark(t=0, text="m"))

    assert (b"\x1b[" in shown) is expected


def test_a_terminal_has_a_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """Text is fitted to a terminal, and left alone elsewhere."""
    monkeypatch.setenv("COLUMNS", "40")
    event = Mark(t=0, text="one two three four five six seven eight nine ten")
    styles = Styles(color="never")

    assert styles.printer(Terminal(), None)(event).count(b"\n") == 2
    assert styles.printer(io.BytesIO(), None)(event).count(b"\n") == 1


def test_a_command_may_have_a_style_of_its_own() -> None:
    """Then it takes only what is about colours and times."""
    found: list[Styles] = []

    @click.command()
    @look_options
    def command(styles: Styles) -> None:
        found.append(styles)

    taken = CliRunner().invoke(command, ["--color", "always", "--utc", "--relative"])
    refused = CliRunner().invoke(command, ["--brief"])

    assert (taken.exit_code, refused.exit_code) == (0, 2)
    assert found == [Styles(color="always", utc=True, relative=True)]


def test_standard_output_is_buffered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With PYTHONUNBUFFERED, too; whoever wants it to leave flushes, and nothing closes it."""
    path = tmp_path / "output"
    with path.open("wb", buffering=0) as raw:
        monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=raw))
        output = standard_output()
        output.write(b"a line\n")
        before = path.read_bytes()
        output.flush()
        del output
        gc.collect()
        raw.write(b"another\n")

    assert (before, path.read_bytes()) == (b"", b"a line\nanother\n")
