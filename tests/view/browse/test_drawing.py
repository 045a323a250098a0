from pathlib import Path

import pytest

from tests.analysis.scenes import JULIET, ROMEO, Scene
from tests.view.browse.samples import (
    ACK,
    BOUNCE,
    CLOSE,
    MESSAGE,
    ROSTER_GET,
    ROSTER_RESULT,
    SPACE,
    chat,
    indexed_scene,
)
from xmppspy.capture.format import encode
from xmppspy.protocol.events import Fault
from xmppspy.view.browse.drawing import draw, spans
from xmppspy.view.browse.row import Row
from xmppspy.view.marked import Span


def text(told: tuple[Span, ...]) -> str:
    """Spans without inks."""
    return "".join(piece for _, piece in told)


def words(row: Row) -> tuple[str, ...]:
    """What a row says, without inks."""
    return row.kind[1], text(row.topic), row.source, text(row.details), row.peer, row.latency


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (0, ("open", "", "", "127.0.0.1:40000 → 127.0.0.1:5222", "", "")),
        (1, ("stream", "open", "", "to=capulet.example v1.0", "", "")),
        (ROSTER_GET, ("iq get", "roster", "RFC 6121", "", "", "")),
        (ROSTER_RESULT, ("iq result", "roster", "RFC 6121", "0 items", "", "100 ms")),
        (MESSAGE, ("message chat", "", "", '"Wherefore art thou?" (19 chars)', ROMEO, "")),
        (ACK, ("a", "ack", "XEP-0198", "h=2", "", "")),
        (SPACE, ("space", "", "", '" "', "", "")),
        (BOUNCE, ("message error", "", "", "item-not-found (cancel)", ROMEO, "")),
        (CLOSE, ("close", "", "", "by client, end of stream", "", "")),
    ],
)
def test_rows_say_what_lines_are(tmp_path: Path, row: int, expected: tuple[str, ...]) -> None:
    """Kind, topic, where it is from, what it says, the other side, how long it took."""
    with indexed_scene(chat(), tmp_path) as found:
        assert words(draw(found.browser.told(row))) == expected


def test_row_of_a_frame_has_the_rest(tmp_path: Path) -> None:
    """When, which connection, which way, how large."""
    with indexed_scene(chat(), tmp_path) as found:
        row = draw(found.browser.told(SPACE))

        assert (row.t, row.conn, row.dir, row.size) == (1.3, 1, "c2s", 1)


def test_own_address_is_short(tmp_path: Path) -> None:
    """The account itself is `me`."""
    scene = Scene()
    scene.logs_in(JULIET)
    scene.server(f"<presence from='{JULIET}' to='{JULIET}'/>")
    with indexed_scene(scene, tmp_path) as found:
        assert draw(found.browser.told(5)).peer == "me/balcony"


def test_what_is_odd_is_said_first(tmp_path: Path) -> None:
    """An answer to nothing, a frame that was dropped."""
    scene = Scene()
    scene.logs_in()
    scene.server("<iq type='result' id='never'/>", sent=None)
    with indexed_scene(scene, tmp_path) as found:
        row = draw(found.browser.told(5))

        assert row.details[0] == ("change", "orphaned dropped ")


def test_inks_tell_errors(tmp_path: Path) -> None:
    """What went wrong is in another ink, kind and details."""
    with indexed_scene(chat(), tmp_path) as found:
        found.add(encode(Fault(t=9, error="not-well-formed", detail="x")))
        bounce, fault = draw(found.browser.told(BOUNCE)), draw(found.browser.told(CLOSE + 1))

        assert {ink for ink, _ in (bounce.kind, *bounce.details)} == {"error"}
        assert fault.kind == ("error", "error")
        assert fault.topic == (("error", "not-well-formed"),)


def test_lines_without_events(tmp_path: Path) -> None:
    """Those that are not known, and those that cannot be read."""
    with indexed_scene(chat(), tmp_path) as found:
        found.add(b'{"event":"comet"}\n{"dir":\n')
        unknown, broken = draw(found.browser.told(15)), draw(found.browser.told(16))

        assert (unknown.kind, unknown.t) == (("meta", "unknown"), None)
        assert broken.kind == ("error", "unreadable")
        assert "no valid JSON" in text(broken.details)


def test_traffic_cannot_act_on_the_terminal(tmp_path: Path) -> None:
    """Control characters are escaped, in an ink of their own."""
    scene = Scene()
    scene.logs_in()
    scene.client("<message to='a&#x202e;b@example.org' id='1'><body>x</body></message>")
    with indexed_scene(scene, tmp_path) as found:
        row = draw(found.browser.told(5))

        assert row.peer == "a\\u202eb@example.org"
        assert spans("text", "plain") == (("text", "plain"),)
        assert spans("text", "") == ()
