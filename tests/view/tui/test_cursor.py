from pathlib import Path

from tests.view.tui.viewing import chat_at, played, viewing
from xmppspy.view.tui.cursor import conn_at, frame_at


@played
async def test_what_is_at_the_cursor(tmp_path: Path) -> None:
    """A frame, or another line of a connection."""
    async with viewing(chat_at(tmp_path)) as view:
        opened, conn = frame_at(view.viewer), conn_at(view.viewer)
        await view.press("j")
        frame = frame_at(view.viewer)

        assert (opened, conn) == (None, 1)
        assert frame is not None
        assert frame.n == 1


@played
async def test_nothing_is_at_the_cursor_of_an_empty_list(tmp_path: Path) -> None:
    """Nor before lines can be read."""
    path = tmp_path / "none.xmpp.jsonl"
    path.write_bytes(b"")
    async with viewing(chat_at(tmp_path), loads=False) as view:
        assert frame_at(view.viewer) is None
        assert conn_at(view.viewer) is None
