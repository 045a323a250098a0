from pathlib import Path

from tests.view.browse.samples import ACK, MESSAGE, SPACE, chat
from tests.view.tui.viewing import chat_at, played, viewing
from xmppspy.capture.format import encode
from xmppspy.protocol.events import Note
from xmppspy.view.tui.memory import Forgetful


@played
async def test_filter_is_typed_and_kept(tmp_path: Path) -> None:
    """The list follows what is typed; the cursor stays near where it was."""
    memory = Forgetful()
    async with viewing(chat_at(tmp_path), memory=memory) as view:
        view.viewer.show_row(MESSAGE)
        await view.press("f")
        await view.type("iq or message")
        typed = len(view.viewer.listing), view.row, view.lines[-2].split("  ")[0]
        await view.press("enter")

        assert typed == (6, MESSAGE, " 6 of 15 lines match")
        assert view.lines[1].startswith(" filter iq or message")
        assert view.lines[1].endswith("6 of 15")
        assert view.viewer.focused is view.viewer.rows
        assert list(memory.recent("filter")) == ["iq or message"]


@played
async def test_filter_is_left_as_it_was(tmp_path: Path) -> None:
    """Escape undoes what was typed, and a mistake changes nothing."""
    async with viewing(chat_at(tmp_path)) as view:
        await view.press("f")
        await view.type("iq")
        await view.press("enter", "f")
        await view.type(" mesage")
        mistake = view.lines[-4:-1], len(view.viewer.listing)
        await view.press("escape")

        assert mistake[0][0] == " filter iq mesage"
        assert mistake[0][1].strip() == "^"
        assert mistake[0][1].index("^") == mistake[0][0].index("mesage")
        assert "did you mean message?" in mistake[0][2]
        assert mistake[1] == 4
        assert (view.viewer.sieve.text, len(view.viewer.listing)) == ("iq", 4)


@played
async def test_names_of_the_capture_are_offered(tmp_path: Path) -> None:
    """While a value is typed."""
    async with viewing(chat_at(tmp_path)) as view:
        await view.press("f")
        await view.type("jid:mont")
        offered = [line.split()[0] for line in view.lines if "seen here" in line]
        await view.press("tab")

        assert offered == ["jid:montague.example"] or offered[0].startswith("jid:romeo@montague")
        assert "montague.example" in view.viewer.sieve.text


@played
async def test_filter_is_switched_off_and_on(tmp_path: Path) -> None:
    """With the cursor where it is."""
    async with viewing(chat_at(tmp_path)) as view:
        await view.press("v")
        without = view.viewer.sieve.is_on
        await view.press("f")
        await view.type("message")
        await view.press("enter", "v")
        off = len(view.viewer.listing), view.row, view.lines[1]
        await view.press("v")

        assert without
        assert off[:2] == (15, MESSAGE)
        assert off[2].startswith(" filter message  off")
        assert (len(view.viewer.listing), view.row) == (2, MESSAGE)


@played
async def test_quiet_lines_are_hidden(tmp_path: Path) -> None:
    """And shown again; what comes is sifted as well."""
    async with viewing(chat_at(tmp_path)) as view:
        view.viewer.show_row(ACK)
        await view.press("h")
        hidden = list(view.viewer.listing.copy()), view.row
        await view.add(
            b'{"dir":"c2s","n":99,"conn":1,"kind":"space","t":9,"xml":" "}\n'
            + encode(Note(t=9, text="x"))
        )
        grown = list(view.viewer.listing.copy())
        await view.press("h")

        assert set(range(15)) - set(hidden[0]) == {ACK - 1, ACK, SPACE}
        assert hidden[1] == SPACE + 1
        assert grown == [*hidden[0], 16]
        assert len(view.viewer.listing) == 17


@played
async def test_conversation_is_shown(tmp_path: Path) -> None:
    """All between two on one connection; once more leads back."""
    async with viewing(chat_at(tmp_path)) as view:
        view.viewer.show_row(MESSAGE)
        await view.press("c")
        shown = view.viewer.sieve.text, list(view.viewer.listing.copy()), view.row
        await view.press("c")
        back = len(view.viewer.listing)
        view.viewer.show_row(ACK)
        await view.press("c")

        assert shown == ("conn:1 jid:romeo@montague.example", [MESSAGE, 13], MESSAGE)
        assert back == 15
        assert view.viewer.sieve.text == "conn:1"


@played
async def test_what_belongs_to_no_connection_has_no_conversation(tmp_path: Path) -> None:
    """That is said."""
    path = chat_at(tmp_path)
    with path.open("ab") as file:
        file.write(encode(Note(t=9, text="x")) + b'{"event":"comet"}\n')
    async with viewing(path) as view:
        view.viewer.show_row(15)
        await view.press("c")
        said = view.status
        view.viewer.show_row(16)
        await view.press("c")

        assert "belongs to no connection" in said
        assert view.viewer.sieve.text == ""


@played
async def test_text_is_looked_for(tmp_path: Path) -> None:
    """From hit to hit, over the end of the capture; what is found stands out."""
    async with viewing(chat_at(tmp_path)) as view:
        await view.press("slash")
        await view.type("romeo")
        await view.press("enter")
        rows, said = [view.row], [view.status.partition("  ")[0]]
        for key in ("n", "n", "N", "N"):
            await view.press(key)
            rows.append(view.row)
            said.append(view.status.partition("  ")[0])
        await view.press("enter")
        line = next(y for y, text in enumerate(view.lines) if "romeo" in text and y > 10)
        styles = {
            segment.text: segment.style
            for segment in view.viewer.screen._compositor.render_strips()[line]
        }
        await view.press("escape")
        stopped = view.viewer.sieve.needle
        await view.press("n")

        assert rows == [MESSAGE, 13, MESSAGE, 13, MESSAGE]
        assert said == ["1 of 2", "2 of 2", "1 of 2 · over the end of the capture",
                        "2 of 2 · over the end of the capture", "1 of 2"]  # fmt: skip
        assert styles["romeo"] == view.viewer.inks.style("found")
        assert stopped is None


@played
async def test_only_what_is_shown_is_looked_through(tmp_path: Path) -> None:
    """A filter limits it; what is not found is said."""
    memory = Forgetful()
    async with viewing(chat_at(tmp_path), memory=memory) as view:
        await view.press("f")
        await view.type("type:error")
        await view.press("enter", "slash")
        await view.type("romeo")
        await view.press("enter")
        found = view.row
        await view.press("slash")
        await view.type("juliet")
        await view.press("enter")
        nothing = view.status
        await view.press("slash")
        offered = view.text
        await view.press("escape")

        assert found == 13
        assert "nothing is found" in nothing
        assert " juliet" in offered
        assert list(memory.recent("search")) == ["juliet", "romeo"]


def test_sample_is_as_expected() -> None:
    """The tests here count its rows."""
    assert len(chat().events) == 15
