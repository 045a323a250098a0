import io
import json
from collections.abc import Callable

import pytest

from tests.analysis import bridged
from tests.analysis.scenes import CLIENT_HEADER, JULIET, SERVER_HEADER, Scene
from tests.replay.talks import JID, ROSTER, TALK, parts, recording
from xmppspy.capture.reader import read
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import FateDecided, FrameRecord, Gap, Side, TLSEstablished
from xmppspy.replay import recording as module
from xmppspy.replay.recording import Part, Recording

MESSAGE = "<message from='romeo@montague.example'><body>{}</body></message>"


def _texts(part: Part) -> list[str]:
    return [turn.record.data.decode() for turn in part.scene]


def test_negotiation_ends_with_the_session() -> None:
    """What gives the client its address is the last of it; white space is in neither."""
    scene = Scene()
    scene.logs_in()
    scene.client(" ")
    scene.client("<presence/>")
    part = Recording(scene.events).parts[1]

    assert part.negotiation[-1].record.id == "bind-1"
    assert _texts(part) == ["<presence/>"]
    assert (part.identity.full, part.opened, part.closed) == (JULIET, 0.1, None)
    assert part.established
    assert part.missing == []


def test_client_received_what_left() -> None:
    """Of the server's frames, what the proxy made of them; of the client's, what it said."""
    scene = Scene()
    scene.logs_in()
    scene.server(MESSAGE.format("1"), sent=None)
    scene.server(MESSAGE.format("2"), sent=MESSAGE.format("zwei").encode())
    scene.server(MESSAGE.format("3"), injected=True)
    scene.client("<presence/>", sent=None)
    scene.client("<message/>", injected=True)
    part = Recording(scene.events).parts[1]

    assert _texts(part) == [MESSAGE.format("zwei"), MESSAGE.format("3"), "<presence/>"]


@pytest.mark.parametrize(
    ("fate", "heard"),
    [
        (FateDecided(t=9.0, conn=1, n=5, action="drop"), []),
        (
            FateDecided(t=9.0, conn=1, n=5, action="replace", sent=b"<message id='new'/>"),
            ["<message id='new'/>"],
        ),
        (FateDecided(t=9.0, conn=1, n=5, action="forward"), [MESSAGE.format("1")]),
    ],
)
def test_fates_are_heeded(fate: FateDecided, heard: list[str]) -> None:
    """What was decided about a held frame later on is what the client got."""
    scene = Scene()
    scene.logs_in()
    assert scene.server(MESSAGE.format("1")).n == fate.n
    scene.add(fate)

    assert _texts(Recording(scene.events).parts[1]) == heard


def test_what_waited_is_heard_when_it_left() -> None:
    """For the client it comes behind what left before it; doubled, it comes twice."""
    scene = Scene()
    scene.logs_in()
    n = scene.server(MESSAGE.format("1"), waits=True).n
    scene.server(MESSAGE.format("2"))
    twice = MESSAGE.format("1").encode() * 2
    scene.add(FateDecided(t=9.0, conn=1, n=n, action="duplicate", sent=twice))
    scene.client("<presence/>", t=9.5)
    part = Recording(scene.events).parts[1]

    assert _texts(part) == [MESSAGE.format(each) for each in "211"] + ["<presence/>"]
    assert [turn.t for turn in part.scene][1:] == [9.0, 9.0, 9.5]


def test_what_left_as_several_is_heard_as_several() -> None:
    """Each element that left in the place of one is a turn of its own."""
    scene = Scene()
    scene.logs_in()
    scene.server(MESSAGE.format("1"), sent=b"<message id='a'/> <presence/>")
    part = Recording(scene.events).parts[1]

    assert _texts(part) == ["<message id='a'/>", " <presence/>"]
    assert [turn.record.kind for turn in part.scene] == ["message", "presence"]


def test_what_cannot_be_played_is_told() -> None:
    """A beginning in the middle, unframed bytes, lost lines, a login that failed."""
    scene = Scene()
    scene.client("<presence/>", 1)
    scene.opens(2)
    scene.client(CLIENT_HEADER, 2)
    scene.server(SERVER_HEADER, 2)
    scene.logs_in(conn=3)
    record = scene.server("<message", 3)
    scene.add(Gap(t=9.0, lost=4))
    recorded = Recording(scene.events)

    assert recorded.missing == ["4 records were lost when it was written"]
    assert [part.missing for part in recorded.parts.values()] == [
        ["it does not begin with a stream header"],
        ["its client never got a session"],
        [f"frame {record.n} is partial"],
    ]


def test_scene_without_a_login() -> None:
    """Stanzas are the scene even where nothing tells how the session came about."""
    part = parts(ROSTER)[0]

    assert len(part.scene) == 2
    assert part.negotiation == []


def test_account_is_guessed_by_whom_the_server_speaks_to() -> None:
    """A capture from the middle of a session still has an account."""
    part = parts([*ROSTER, f"S <message to='{JID}'/>"])[0]

    assert (part.identity.bare, part.identity.full) == ("romeo@capulet.example", JID)


def test_tls_and_the_end_are_remembered() -> None:
    """Whether the client was in TLS, and when the connection was closed."""
    scene = Scene()
    scene.logs_in()
    scene.add(TLSEstablished(t=1.0, conn=1, leg=Side.CLIENT, version="TLSv1.3", cipher="TLS_AES"))
    scene.closes()
    part = Recording(scene.events).parts[1]

    assert part.tls
    assert part.closed is not None


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is too large is played as far as it was kept, and that is said."""
    monkeypatch.setattr(module, "MAX_BYTES", 3000)
    talk = [*TALK, *(["S <message from='x.example'><body>!</body></message>"] * 100)]
    recorded = recording(talk)

    assert recorded.missing == ["it is too large: what comes after 3,000 bytes"]
    assert 8 < len(recorded.parts[1].scene) < 50


def test_parts_of_an_account() -> None:
    """All connections of an account, in their order."""
    scene = Scene()
    scene.logs_in(conn=1)
    scene.logs_in("romeo@montague.example/garden", conn=2)
    scene.logs_in(conn=3)
    recorded = Recording(scene.events)

    assert [part.conn for part in recorded.of_account("juliet@capulet.example")] == [1, 3]


@pytest.mark.parametrize(
    ("make", "kinds"),
    [
        (bridged.auto, ["auth", "challenge", "response", "success"]),
        (bridged.plain, ["auth", "success"]),
        (bridged.external, ["auth", "challenge", "response", "success"]),
    ],
)
def test_a_login_that_xmppspy_changed_is_the_clients(
    make: Callable[[], bridged.Bridged], kinds: list[str]
) -> None:
    """What the client said and what it got; of what passed between xmppspy and the server nothing."""
    scene = make()
    turns = Recording(scene.events).parts[1].negotiation
    login = [turn.record for turn in turns if turn.record.xmlns == ns.SASL]
    frames = [each for each in scene.events if isinstance(each, FrameRecord)]
    features = next(each for each in frames if each.kind == "features")

    assert [each.kind for each in login] == kinds
    assert [each.data for each in login if each.dir == "c2s"] == [
        each.data
        for each in frames
        if each.dir == "c2s" and each.xmlns == ns.SASL and not each.injected
    ]
    assert (
        next(turn.record.data for turn in turns if turn.record.kind == "features") == features.sent
    )
    assert login[-1].data in [each.left for each in frames if each.kind == "success"]


def test_changed_elements_are_read_in_their_stream() -> None:
    """The server's header may have a prefix of its own for the features."""
    header = f"<s:stream xmlns='jabber:client' xmlns:s='{ns.STREAMS}' version='1.0'>"
    sent = "<s:features><sub xmlns='urn:x'/></s:features>"
    lines = (
        {"dir": "c2s", "xml": header},
        {"dir": "s2c", "xml": header},
        {"dir": "s2c", "xml": "<s:features/>", "sent": sent},
    )
    source = io.BytesIO("".join(f"{json.dumps(line)}\n" for line in lines).encode())
    record = Recording(read(source)).parts[1].negotiation[-1].record

    assert (record.kind, record.xmlns, record.ns) == ("features", ns.STREAMS, ("urn:x",))
