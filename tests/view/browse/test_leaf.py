from pathlib import Path

import pytest

from tests.analysis.scenes import Scene
from tests.cli.captures import CREATED
from tests.view.browse.samples import MESSAGE, Indexed, chat, indexed_scene
from xmppspy.capture.format import encode
from xmppspy.protocol.events import FateDecided
from xmppspy.view.browse.leaf import FORMS, FORMS_SAID, Form, Leaves
from xmppspy.view.browse.paper import Part
from xmppspy.view.clock import Clock


def parts(found: Indexed, row: int, form: Form = "xml", *, full: bool = False) -> list[Part]:
    """What is told about a row in 60 columns."""
    leaves = Leaves(found.browser, Clock(CREATED, utc=True))
    return leaves(found.browser.told(row), 60, form, full=full)


def text(part: Part) -> list[str]:
    """The lines of a part without inks."""
    return ["".join(piece for _, piece in line) for line in part.lines]


def scene_with(*frames: str) -> Scene:
    """A session in which the server says something."""
    scene = Scene()
    scene.logs_in()
    for xml in frames:
        scene.server(xml)
    return scene


def test_frame_is_told_in_parts(tmp_path: Path) -> None:
    """In words, as XML, and what its namespaces are."""
    with indexed_scene(chat(), tmp_path) as found:
        told = parts(found, 7)

        assert [part.title for part in told] == ["", "XML", "namespaces"]
        assert text(told[1]) == [
            "<iq type='get' id='r1'>",
            "  <query xmlns='jabber:iq:roster'/>",
            "</iq>",
        ]
        assert told[1].folds == {0: 2}
        assert text(told[2]) == ["jabber:iq:roster RFC 6121"]


@pytest.mark.parametrize(
    ("form", "first"),
    [
        ("xml", "<message to='romeo@montague.example/garden' type='chat'"),
        ("raw", "<message to='romeo@montague.example/garden' type='chat' id='m1'><body>Wherefore art thou?</body></message>"),
        ("hex", "000000  3c 6d 65 73 73 61 67 65  20 74 6f 3d 27 72 6f 6d  <message to='rom"),
    ],
)  # fmt: skip
def test_bytes_have_forms(tmp_path: Path, form: Form, first: str) -> None:
    """Laid out, as they were sent, as numbers."""
    with indexed_scene(chat(), tmp_path) as found:
        told = parts(found, MESSAGE, form)

        assert told[1].title == FORMS_SAID[form]
        assert text(told[1])[0].rstrip() == first
        assert form in FORMS


def test_contents_are_opened(tmp_path: Path) -> None:
    """What people cannot read in XML, in a part of its own."""
    avatar = "iVBORw0KGgoAAAANSUhEUgAAAGAAAABA"
    xml = f"<message><data xmlns='urn:xmpp:avatar:data'>{avatar}</data></message>"
    ibb = "<iq type='set' id='1'><data xmlns='http://jabber.org/protocol/ibb' seq='3' sid='x'>aGVsbG8=</data></iq>"
    with indexed_scene(scene_with(xml, ibb), tmp_path) as found:
        picture, block = parts(found, 5)[1], parts(found, 6)[1]

        assert picture.title == "avatar"
        assert text(picture)[:2] == ["is   PNG, 96 × 64 pixels", "size 24 B"]
        assert block.title == "in-band data, block 3"
        assert text(block) == ["size 5 B", "hello"]


def test_bytes_that_are_no_text_are_numbers(tmp_path: Path) -> None:
    """Opaque bytes are shown as what they look like."""
    with indexed_scene(chat(), tmp_path) as found:
        found.add(b'{"n":99,"t":9,"conn":1,"dir":"c2s","kind":"opaque","b64":"FgMBAP8A"}\n')
        found.add(b'{"n":100,"t":9,"conn":1,"dir":"c2s","kind":"opaque","xml":"plain text"}\n')
        told = [text(parts(found, row)[1])[0] for row in (15, 16)]

        assert told == [
            "000000  16 03 01 00 ff 00                                 ......",
            "plain text",
        ]


def test_long_bytes_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of very many, not all are shown."""
    monkeypatch.setattr("xmppspy.view.browse.leaf._MOST_ROWS", 2)
    monkeypatch.setattr("xmppspy.view.browse.leaf._MOST_TEXT", 10)
    with indexed_scene(chat(), tmp_path) as found:
        assert text(parts(found, MESSAGE, "hex")[1])[-1] == "… and 74 B more"
        assert text(parts(found, MESSAGE, "raw")[1])[-1] == "… and 96 B more"


def test_long_base64_is_folded_unless_full(tmp_path: Path) -> None:
    """All of it is one key away."""
    xml = f"<message><data xmlns='urn:x'>{'QUJD' * 100}</data></message>"
    with indexed_scene(scene_with(xml), tmp_path) as found:
        short = "".join(text(parts(found, 5)[1]))
        full = "".join(text(parts(found, 5, full=True)[1]))

        assert "…[400 B]" in short
        assert "QUJD" * 100 in full


def test_what_left_instead_is_contrasted(tmp_path: Path) -> None:
    """Known at once, or later; nothing, where nothing left."""
    fates = [
        FateDecided(
            t=9, conn=1, n=MESSAGE, action="replace", sent=b"<message><body>Aye</body></message>"
        ),
        FateDecided(t=9, conn=1, n=8, action="drop"),
    ]
    with indexed_scene(chat(), tmp_path) as found:
        found.add(b"".join(map(encode, fates)))
        changed = next(part for part in parts(found, MESSAGE) if "left" in part.title)
        dropped = next(part for part in parts(found, 8) if "left" in part.title)
        fate = parts(found, 15)

        assert changed.title == "what came (-) and what left (+)"
        assert "Aye" in "".join(text(changed))
        assert text(dropped) == ["nothing"]
        assert fate[1].title == "what left"


def test_frame_that_left_otherwise_at_once(tmp_path: Path) -> None:
    """What was sent is on its line."""
    scene = Scene()
    scene.logs_in()
    scene.client("<presence/>", sent=b"<presence type='unavailable'/>")
    with indexed_scene(scene, tmp_path) as found:
        told = next(part for part in parts(found, 5) if "left" in part.title)

        assert text(told) == ["- <presence/>", "+ <presence type='unavailable'/>"]


def test_lines_that_are_no_events_are_shown(tmp_path: Path) -> None:
    """As they are."""
    with indexed_scene(chat(), tmp_path) as found:
        found.add(b'{"event":"comet","tail":1}\n{"dir":\n')

        assert text(parts(found, 15)[1]) == ['{"event":"comet","tail":1}']
        assert text(parts(found, 16)[1]) == ['{"dir":']


def test_events_are_words_alone(tmp_path: Path) -> None:
    """There is nothing else about them."""
    with indexed_scene(chat(), tmp_path) as found:
        assert [part.title for part in parts(found, 0)] == [""]
