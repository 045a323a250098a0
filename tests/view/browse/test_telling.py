from pathlib import Path

import pytest

from tests.analysis.scenes import JULIET, Scene
from tests.cli.captures import CREATED
from tests.view.browse.samples import (
    BOUNCE,
    CLOSE,
    MESSAGE,
    ROSTER_GET,
    ROSTER_RESULT,
    chat,
    indexed_scene,
)
from xmppspy.capture.format import encode
from xmppspy.protocol.events import FateDecided, Mark
from xmppspy.view.browse.telling import Telling
from xmppspy.view.clock import Clock

CLOCK = Clock(CREATED, utc=True)


@pytest.mark.parametrize(
    ("row", "title"),
    [
        (ROSTER_GET, "frame 7 · iq get"),
        (1, "frame 1 · stream"),
        (CLOSE, "close"),
        (15, "a line"),
        (16, "a line"),
    ],
)
def test_titles(tmp_path: Path, row: int, title: str) -> None:
    """What is told about, in few words."""
    with indexed_scene(chat(), tmp_path) as found:
        found.add(b'{"event":"comet"}\n{"dir":\n')

        assert Telling(found.browser, CLOCK).title(found.browser.told(row)) == title


def test_request_is_told(tmp_path: Path) -> None:
    """What it is, when, which it is, what answers it, how large it is."""
    with indexed_scene(chat(), tmp_path) as found:
        rows = list(Telling(found.browser, CLOCK)(found.browser.told(ROSTER_GET)))

        assert rows == [
            ("", "kind", "roster (RFC 6121)"),
            ("when", "meta", "07:40:12.800 (+0.800 s) · connection 1, C→S"),
            ("id", "meta", "r1"),
            ("answered", "text", "in frame 8, 100.0 ms later"),
            ("acked", "text", "in frame 11, 400.0 ms later"),
            ("size", "meta", "61 B"),
        ]


def said(found: object, row: int) -> dict[str, str]:
    """What is told of a row, by its labels."""
    browser = found.browser  # type: ignore[attr-defined]
    return {label: text for label, _, text in Telling(browser, CLOCK)(browser.told(row))}


def test_answer_is_told(tmp_path: Path) -> None:
    """With what it answers."""
    with indexed_scene(chat(), tmp_path) as found:
        assert said(found, ROSTER_RESULT)["answers"] == "frame 7 after 100 ms"


def test_addresses_are_told_whole(tmp_path: Path) -> None:
    """With what they are called elsewhere."""
    scene = Scene()
    scene.logs_in(JULIET)
    scene.server(
        f"<iq type='get' id='1' from='capulet.example' to='{JULIET}'><ping xmlns='urn:xmpp:ping'/></iq>"
    )
    with indexed_scene(scene, tmp_path) as found:
        told = said(found, 5)

        assert told["from"] == "capulet.example (srv)"
        assert told["to"] == f"{JULIET} (me/balcony)"
        assert told["answered"] == "not, as far as was read"


def test_what_is_odd_or_masked_is_told(tmp_path: Path) -> None:
    """An answer to nothing; a password that is not in the capture."""
    scene = Scene()
    scene.logs_in()
    scene.server("<iq type='result' id='never'/>", redacted=("{x}password",))
    with indexed_scene(scene, tmp_path) as found:
        rows = list(Telling(found.browser, CLOCK)(found.browser.told(5)))

        assert ("", "change", "orphaned") in rows
        assert ("size", "meta", "30 B · masked: {x}password") in rows


def test_what_was_recorded_later_is_told(tmp_path: Path) -> None:
    """What xmppspy did with it, what a person noted, what the linter says."""
    with indexed_scene(chat(), tmp_path) as found:
        found.add(
            encode(FateDecided(t=9, conn=1, n=MESSAGE, action="drop", held=2.0))
            + encode(Mark(t=9, text="look here", n=MESSAGE))
        )
        rows = list(Telling(found.browser, CLOCK)(found.browser.told(MESSAGE)))

        assert ("fate", "change", f"frame {MESSAGE} dropped, held 2.000 s") in rows
        assert ("mark", "change", "look here") in rows
        assert any(
            label == "warning"
            for label, _, _ in Telling(found.browser, CLOCK)(found.browser.told(CLOSE))
        )


def test_errors_and_events_are_told(tmp_path: Path) -> None:
    """Each in its ink."""
    with indexed_scene(chat(), tmp_path) as found:
        found.add(b'{"event":"comet"}\n{"dir":\n')
        telling, told = Telling(found.browser, CLOCK), found.browser.told
        rows = [next(telling(told(row))) for row in (BOUNCE, CLOSE, 15, 16)]

        assert rows[0] == ("", "error", "item-not-found (cancel)")
        assert rows[1] == ("", "text", "by client")
        assert rows[2][:2] == ("", "text")
        assert rows[3][:2] == ("", "error")
