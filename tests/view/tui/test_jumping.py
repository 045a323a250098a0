from pathlib import Path

from tests.cli.captures import written
from tests.view.browse.samples import BOUNCE, MESSAGE, ROSTER_GET, ROSTER_RESULT, chat
from tests.view.tui.viewing import chat_at, played, viewing
from xmppspy.capture.format import encode
from xmppspy.protocol.events import Mark


@played
async def test_errors_marks_and_findings_are_gone_to(tmp_path: Path) -> None:
    """Forth and back; where there is none, that is said."""
    path = chat_at(tmp_path)
    with path.open("ab") as file:
        file.write(encode(Mark(t=9, text="x", n=MESSAGE)))
    async with viewing(path) as view:
        rows = []
        for key in ("]", "[", "u", "U", "l", "l", "L"):
            await view.press(
                {"]": "right_square_bracket", "[": "left_square_bracket"}.get(key, key)
            )
            rows.append((key, view.row, view.status.partition("  ")[0]))

        assert [row for _, row, _ in rows] == [BOUNCE, BOUNCE, BOUNCE, MESSAGE, 14, 14, 4]
        assert rows[1][2] == "no error above"
        assert rows[2][2] == "no mark below"
        assert rows[5][2] == "no finding of the linter below"


@played
async def test_request_and_answer_are_gone_to(tmp_path: Path) -> None:
    """From one to the other and back; a filter that leaves one out is switched off."""
    async with viewing(chat_at(tmp_path)) as view:
        view.viewer.show_row(ROSTER_GET)
        await view.press("p")
        answer = view.row
        await view.press("p")
        request = view.row
        await view.press("f")
        await view.type("iq type:get")
        await view.press("enter", "p")
        filtered = view.row, view.status, view.viewer.sieve.is_on
        view.viewer.show_row(0)
        await view.press("p")

        assert (answer, request) == (ROSTER_RESULT, ROSTER_GET)
        assert filtered[0] == ROSTER_RESULT
        assert "everything is shown" in filtered[1]
        assert not filtered[2]
        assert "no request or answer" in view.status


@played
async def test_places_are_gone_to(tmp_path: Path) -> None:
    """By number, by time of day, by seconds; what is none is refused."""
    async with viewing(chat_at(tmp_path)) as view:
        rows = []
        for text in ("9", "07:40:12.85", "+0.35", "0:00"):
            await view.press("number_sign")
            await view.type(text)
            await view.press("enter")
            rows.append(view.row)
        refused = []
        for text in ("99", "xyz", "+x"):
            await view.press("number_sign")
            await view.type(text)
            refused.append(view.lines[-2].partition("  ")[0].strip())
            await view.press("enter", "escape")

        assert rows == [MESSAGE, 8, 3, 14]
        assert refused[0] == "there is no frame 99"
        assert (
            refused[1]
            == refused[2]
            == "this is no number of a frame, no time of day and no +SECONDS"
        )


@played
async def test_nothing_is_gone_to_in_an_empty_capture(tmp_path: Path) -> None:
    """Keys do no harm there."""
    path = tmp_path / "a"
    path.write_bytes(written(chat()).split(b"\n", 1)[0] + b"\n")
    async with viewing(path) as view:
        await view.press("right_square_bracket", "p", "number_sign", "F", "j", "t", "o", "m", "y")

        assert view.row is None
        assert view.viewer.prompt is not None
        assert view.viewer.prompt.question is None
