import os
from pathlib import Path

from textual import events

from tests.cli.captures import written
from tests.view.browse.samples import chat
from tests.view.tui.viewing import chat_at, played, viewing
from xmppspy.view.browse.messages import Trouble
from xmppspy.view.tui.table import TABLE


@played
async def test_capture_is_shown(tmp_path: Path) -> None:
    """What it is, its rows, what keys do, where one is."""
    async with viewing(chat_at(tmp_path)) as view:
        assert view.lines[0] == " chat.xmpp.jsonl  15 lines · 1 connection · 1 error · 4 findings"
        assert view.lines[10].startswith("   07:40:13.000 #1 → message chat ")
        assert view.lines[-1].startswith(" ? help  f filter  / search  Enter detail  ")
        assert view.lines[-1].endswith(" 1/15")


@played
async def test_rows_are_there_before_anything_is_loaded(tmp_path: Path) -> None:
    """What the indexer has drawn is the first screen; keys that need more do nothing yet."""
    async with viewing(chat_at(tmp_path), loads=False) as view:
        await view.press("j", "enter", "f", "slash", "p", "m", "t", "o", "escape")

        assert "Wherefore" in view.text
        assert view.row == 1


@played
async def test_trouble_is_told(tmp_path: Path) -> None:
    """What is there stays; where there is nothing, the view ends."""
    path = chat_at(tmp_path)
    async with viewing(path) as view:
        view.viewer._take(Trouble("the disk is gone"))
        said = view.status
        view.viewer._take(Trouble("no capture", is_fatal=True))
        await view.pilot.pause()

        assert said.startswith("the disk is gone")
        assert (view.viewer.return_value, view.viewer.trouble) == (2, "no capture")


@played
async def test_lost_file_is_survived(tmp_path: Path) -> None:
    """It is said at the top, and what was read is still shown."""
    path = chat_at(tmp_path)
    async with viewing(path) as view:
        view.index._work._watched_at = 0.0  # type: ignore[attr-defined]
        path.unlink()
        view.index.go_on()
        await view.settle()
        await view.press("G", "enter")

        assert "the file was removed" in view.lines[0]
        assert "by client" in view.text


@played
async def test_capture_that_goes_on_in_another_file(tmp_path: Path) -> None:
    """Who looks at something is told so; who follows goes there."""
    path = chat_at(tmp_path)
    async with viewing(path) as view:
        view.index._work._watched_at = 0.0  # type: ignore[attr-defined]
        path.rename(tmp_path / "chat.0001.xmpp.jsonl")
        path.write_bytes(written(chat()))
        view.index.go_on()
        await view.settle()
        said, stayed = view.lines[0], not view.viewer.is_succeeded
        await view.press("G")

        assert "it goes on in another file (G)" in said
        assert stayed
        assert (view.viewer.is_succeeded, view.viewer.return_value) == (True, 0)


@played
async def test_file_that_was_cut_short_is_survived(tmp_path: Path) -> None:
    """Lines that are gone say so."""
    path = tmp_path / "a"
    path.write_bytes(written(chat()) * 1 + b'{"event":"note","text":"x"}\n' * 300)
    async with viewing(path) as view:
        os.truncate(path, 100)
        view.index._work._watched_at = 0.0  # type: ignore[attr-defined]
        view.index.go_on()
        await view.settle()
        await view.press("G")

        assert "the file was cut short" in view.lines[0]
        assert "this line is gone" in view.text


@played
async def test_keys_do_nothing_else_while_something_is_asked(tmp_path: Path) -> None:
    """They are typed; traffic does not take the focus away."""
    async with viewing(chat_at(tmp_path)) as view:
        await view.press("f")
        await view.type("q")
        await view.add(b'{"event":"note","text":"x"}\n')
        await view.type("x")

        assert view.viewer.prompt is not None
        assert view.viewer.prompt.text == "qx"
        assert view.viewer.return_value is None
        assert not any(view.viewer.check_action("command", (name,)) for name in TABLE.commands)


@played
async def test_hints_can_be_clicked(tmp_path: Path) -> None:
    """The keys go on to work, wherever else one clicks."""
    async with viewing(chat_at(tmp_path)) as view:
        await view.pilot.click("#title", offset=(5, 0))
        await view.pilot.click("#status", offset=(70, 0))
        await view.press("j")
        row = view.row
        hint = view.status.index("f filter")
        await view.pilot.click("#status", offset=(hint + 3, 0))
        await view.settle()

        assert row == 1
        assert view.viewer.is_asked


@played
async def test_messages_are_forgotten_after_a_while(tmp_path: Path) -> None:
    """Then keys are told again."""
    async with viewing(chat_at(tmp_path)) as view:
        view.viewer.say("hello")
        said = view.status
        view.viewer.say("again")
        view.viewer.forget()

        assert said.startswith("hello")
        assert view.status.startswith("? help")


@played
async def test_keys_that_come_all_at_once_find_the_prompt(tmp_path: Path) -> None:
    """Pasted, or typed over a slow line: none of them goes to the list."""
    async with viewing(chat_at(tmp_path)) as view:
        for key in ("f", "i", "q", "enter"):
            view.viewer.post_message(events.Key(key, key if len(key) == 1 else None))
        await view.settle()

        assert view.viewer.sieve.text == "iq"
        assert not view.viewer._exit


@played
async def test_message_stands_for_a_while(tmp_path: Path) -> None:
    """Instead of the hints, until another one is said or it is forgotten."""
    async with viewing(chat_at(tmp_path)) as view:
        hints = view.status
        view.viewer.say("one")
        view.viewer.say("two", "error")
        said = view.status
        view.viewer.forget()

        assert hints.startswith("? help")
        assert said.startswith("two")
        assert view.status == hints
