"""Passage: guards that replace, swallow and reply, and the edits of features."""

from collections.abc import Mapping

import pytest

from tests.conversation import (
    ANSWER,
    DOMAIN,
    HEADER,
    MECHANISMS,
    OFFER,
    STARTTLS,
    Conversation,
    options,
)
from xmppspy.protocol.events import (
    UNCHANGED,
    ConnectionClosed,
    Direction,
    FateDecided,
    Fault,
    FrameRecord,
    Note,
    Side,
    TLSEstablished,
)
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.guard import PASS, Channel, Ruling, Trouble
from xmppspy.protocol.registers import Registers
from xmppspy.protocol.requests import RedirectExpired
from xmppspy.protocol.verdicts import DROP, FORWARD, Hold, Interceptor, Verdict

SASL = b"urn:ietf:params:xml:ns:xmpp-sasl"
AUTH = b"<auth xmlns='" + SASL + b"' mechanism='PLAIN'>AGEAYg==</auth>"
OTHER_AUTH = AUTH.replace(b"AGEAYg==", b"AGMAZA==")
FAILURE = b"<failure xmlns='" + SASL + b"'><not-authorized/></failure>"
SUCCESS = b"<success xmlns='" + SASL + b"'/>"
ABORT = b"<abort xmlns='" + SASL + b"'/>"
CONFLICT = b"<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
STRIPPED = b"<stream:features><stripped xmlns='urn:x'/></stream:features>"
COMPRESSION = (
    b"<compression xmlns='http://jabber.org/features/compress'><method>zlib</method></compression>"
)
CLOSING = Ruling(notes=("one login",), troubles=(Trouble("login-failed", "it was wrong"),))


class Scripted:
    """A guard that rules by the frame's kind and keeps what it was told."""

    def __init__(self, rulings: Mapping[str, Ruling] | None = None, last: Ruling = PASS) -> None:
        self.rulings = rulings or {}
        self.last = last
        self.names: list[str] = []
        self.channels: dict[Side, Channel] = {}
        self.shown: list[tuple[Direction, str]] = []
        self.data: list[bytes] = []
        self.ends = 0

    def named(self, domain: str) -> None:
        """Keep it."""
        self.names.append(domain)

    def secured(self, side: Side, channel: Channel) -> None:
        """Keep it."""
        self.channels[side] = channel

    def see(self, direction: Direction, frame: Frame) -> Ruling:
        """Rule as told."""
        self.shown.append((direction, frame.kind))
        self.data.append(frame.data)
        return self.rulings.get(frame.kind, PASS)

    def ended(self) -> Ruling:
        """Count it."""
        self.ends += 1
        return self.last


class Judge:
    """An interceptor with one verdict on everything."""

    idle = False

    def __init__(self, verdict: Verdict) -> None:
        self._verdict = verdict
        self.judged: list[str] = []

    def wants(self, _direction: Direction, _head: Frame) -> bool:
        """Everything."""
        return True

    def judge(self, _direction: Direction, frame: Frame, _now: float) -> Verdict:
        """The same for all logins."""
        self.judged.append(frame.kind)
        return self._verdict if frame.kind in ("auth", "failure") else FORWARD


def guarded(
    guard: Scripted, *, upstream: str = "clear", interceptor: Interceptor | None = None
) -> Conversation:
    """A conversation with a guard, at the point where logins are offered."""
    talk = Conversation(upstream=upstream, guard=guard, interceptor=interceptor)
    talk.reach_features(MECHANISMS)
    return talk


def test_guard_is_shown_logins_only() -> None:
    """Features, SASL and stream errors, each once and whole; no header, no stanza."""
    guard = Scripted()
    talk = guarded(guard)
    for at in range(len(AUTH)):
        talk.client_sends(AUTH[at : at + 1])
    talk.server_sends(FAILURE)
    talk.client_sends(b"<message/> <iq/>")
    for at in range(len(CONFLICT)):
        talk.server_sends(CONFLICT[at : at + 1])

    assert guard.shown == [
        ("s2c", "features"),
        ("c2s", "auth"),
        ("s2c", "failure"),
        ("s2c", "error"),
    ]
    assert guard.data == [MECHANISMS, AUTH, FAILURE, CONFLICT]
    assert talk.client_gets() == FAILURE + CONFLICT
    assert talk.server_gets() == AUTH + b"<message/> <iq/>"


def test_guard_replaces() -> None:
    """Other bytes go on; the capture keeps both, with the note at the frame's number."""
    guard = Scripted({"auth": Ruling(data=OTHER_AUTH, notes=("bridged",))})
    talk = guarded(guard)
    talk.client_sends(AUTH)
    frame = talk.frames("c2s")[-1]

    assert talk.server_gets() == OTHER_AUTH
    assert (frame.data, frame.sent) == (AUTH, OTHER_AUTH)
    assert [(note.text, note.n) for note in talk.seen(Note)] == [("bridged", frame.n)]


def test_guard_that_comes_to_the_same() -> None:
    """A login on two legs can begin alike on both; nothing was changed, and nothing says so."""
    talk = guarded(Scripted({"auth": Ruling(AUTH, notes=("as it was",))}))
    talk.client_sends(AUTH)
    frame = talk.frames("c2s")[-1]

    assert talk.server_gets() == AUTH
    assert (frame.data, frame.sent) == (AUTH, UNCHANGED)
    assert [(note.text, note.n) for note in talk.seen(Note)] == [("as it was", frame.n)]


def test_guard_swallows_and_replies() -> None:
    """Nothing goes on, and the answer goes back to the side that spoke."""
    talk = guarded(Scripted({"auth": Ruling(data=None, reply=FAILURE)}))
    talk.client_sends(AUTH)

    assert talk.server_gets() == b""
    assert talk.client_gets() == FAILURE
    assert talk.frames("c2s")[-1].sent is None
    assert talk.kinds("s2c")[-1] == "+failure"


def test_guard_replies_to_the_server() -> None:
    """A reply towards the server waits until the client's stanza on its way is whole."""
    talk = guarded(Scripted({"failure": Ruling(data=SUCCESS, reply=ABORT)}))
    talk.client_sends(b"<message><bo")
    talk.server_sends(FAILURE)
    early = talk.server_gets()
    talk.client_sends(b"dy/></message>")

    assert early == b"<message><bo"
    assert talk.server_gets() == b"dy/></message>" + ABORT
    assert talk.client_gets() == SUCCESS
    assert talk.kinds("c2s")[-2:] == ["message", "+abort"]


def test_guard_replies_at_once() -> None:
    """A reply to a frame that goes on as well stands in the capture behind it."""
    talk = guarded(Scripted({"failure": Ruling(reply=ABORT)}))
    talk.server_sends(FAILURE)
    seen = [event for event in talk.events if isinstance(event, FrameRecord)][-2:]

    assert [(frame.dir, frame.kind) for frame in seen] == [("s2c", "failure"), ("c2s", "abort")]
    assert (talk.client_gets(), talk.server_gets()) == (FAILURE, ABORT)


def test_troubles_are_errors() -> None:
    """A trouble is an `error` event with the direction and the frame's number."""
    trouble = Trouble("login-failed", "the password is wrong")
    talk = guarded(Scripted({"failure": Ruling(troubles=(trouble,))}))
    talk.server_sends(FAILURE)
    (fault,) = talk.seen(Fault)

    assert (fault.error, fault.detail) == ("login-failed", "the password is wrong")
    assert (fault.dir, fault.n) == ("s2c", talk.frames("s2c")[-1].n)


@pytest.mark.parametrize("verdict", [DROP, Verdict(hold=Hold())])
def test_interceptor_comes_before_the_guard(verdict: Verdict) -> None:
    """What an interceptor keeps, the guard does not get to see."""
    guard = Scripted({"failure": Ruling(data=SUCCESS)})
    judge = Judge(verdict)
    talk = guarded(guard, interceptor=judge)
    talk.client_sends(AUTH)
    talk.server_sends(FAILURE)

    assert (talk.server_gets(), talk.client_gets()) == (b"", b"")
    assert judge.judged == ["stream", "features", "auth", "failure"]
    assert [kind for kind in guard.data if kind in (AUTH, FAILURE)] == []


def test_guard_judges_what_an_interceptor_has_made_of_a_login() -> None:
    """An edited element of the same kind is treated as if it had come so."""
    edited = AUTH.replace(b"PLAIN", b"SCRAM-SHA-1")
    guard = Scripted()
    talk = guarded(guard, interceptor=Judge(Verdict(data=edited)))
    talk.client_sends(AUTH)
    record = talk.frames("c2s")[-1]

    assert talk.server_gets() == edited
    assert guard.data[-1] == edited
    assert (record.data, record.sent) == (AUTH, edited)


def test_held_login_is_told_of_and_released() -> None:
    """Notes of a frame that is held afterwards carry its number; it goes on when decided."""
    judge = Judge(Verdict(hold=Hold()))
    talk = guarded(Scripted({"auth": Ruling(notes=("seen",))}), interceptor=judge)
    talk.client_sends(AUTH)
    n = talk.frames("c2s")[-1].n
    talk.session.decide(n, FORWARD, 1.0)
    talk.settle()

    assert talk.server_gets() == AUTH
    assert [note.n for note in talk.seen(Note)] == [n, n]
    assert [fate.n for fate in talk.seen(FateDecided)] == [n]


def test_guarded_features_are_edited_once() -> None:
    """The guard sees the server's own bytes; what it lets through is edited once more."""
    ruling = Ruling(data=STRIPPED.replace(b"</stream", COMPRESSION + b"</stream"), notes=("less",))
    guard = Scripted({"features": ruling})
    talk = Conversation(guard=guard)
    talk.client_sends(HEADER)
    sent = MECHANISMS.replace(b"</stream", COMPRESSION + b"</stream")
    talk.server_sends(ANSWER + sent)
    frame = talk.frames("s2c")[-1]

    assert guard.data == [sent]
    assert talk.client_gets() == ANSWER + STRIPPED
    assert (frame.data, frame.sent) == (sent, STRIPPED)
    assert [note.split()[0] for note in talk.notes()] == ["less", "stream"]


def test_greeting_is_guarded() -> None:
    """The offer that we repeat behind our own STARTTLS is what the guard has made of it."""
    guard = Scripted({"features": Ruling(data=STRIPPED)})
    talk = Conversation(upstream="direct", guard=guard)
    talk.client_sends(HEADER)
    talk.server_sends(ANSWER + MECHANISMS)
    first = talk.client_gets()
    talk.client_sends(STARTTLS)
    talk.starts_tls(Side.CLIENT)
    talk.client_gets()
    talk.client_sends(HEADER)

    assert b"urn:ietf:params:xml:ns:xmpp-tls" in first
    assert b"SCRAM" not in first
    assert talk.client_gets() == ANSWER + STRIPPED
    assert guard.shown == [("s2c", "features")]
    assert guard.names == [DOMAIN, DOMAIN]
    assert set(guard.channels) == set(Side)


@pytest.mark.parametrize("ruling", [Ruling(data=STRIPPED, notes=("less",)), Ruling(data=None)])
def test_offer_of_a_clear_server_is_guarded(ruling: Ruling) -> None:
    """A client in direct TLS gets a clear server's offer from us, as the guard has left it."""
    guard = Scripted({"features": ruling})
    talk = Conversation(guard=guard, options=options(allow_clear_upstream=True))
    talk.starts_tls(Side.CLIENT)
    talk.server_sends(ANSWER + MECHANISMS)
    talk.client_sends(HEADER)

    assert talk.client_gets() == ANSWER + (ruling.data or b"")  # type: ignore[operator]
    assert guard.shown == [("s2c", "features")]
    assert guard.names == [DOMAIN]
    assert talk.notes()[1:] == list(ruling.notes)


def test_guard_knows_both_channels() -> None:
    """It is given each leg's TLS when that leg's handshake is complete."""
    guard = Scripted()
    talk = Conversation(guard=guard)
    talk.reach_tls()
    talk.client_sends(HEADER)

    assert {side: channel.version for side, channel in guard.channels.items()} == {
        event.leg: event.version for event in talk.seen(TLSEstablished)
    }
    assert guard.names == [DOMAIN, DOMAIN]
    assert guard.shown == [("s2c", "features")]


def test_late_name_is_told() -> None:
    """A client that names nobody in its hello names the domain in its header."""
    guard = Scripted()
    talk = Conversation(guard=guard, options=options(upstream_name="127.0.0.1"))
    talk.starts_tls(Side.CLIENT, sni=False)
    talk.client_sends(HEADER)

    assert guard.names == [DOMAIN]


def test_end_is_told_once() -> None:
    """What the guard says at the end stands in front of `close`, which comes once."""
    guard = Scripted(last=CLOSING)
    talk = guarded(guard)
    talk.ends(Side.SERVER)
    talk.ends(Side.CLIENT)
    talk.session.stop("again", 1.0)
    talk.settle()
    kinds = [type(event) for event in talk.events]

    assert guard.ends == 1
    assert kinds[-3:] == [Note, Fault, ConnectionClosed]


def test_nobody_guards() -> None:
    """Without a guard logins pass as they are."""
    talk = Conversation()
    talk.reach_features(OFFER)
    talk.client_sends(AUTH)
    talk.server_sends(FAILURE)

    assert (talk.server_gets(), talk.client_gets()) == (AUTH, FAILURE)


def test_what_was_put_into_a_resumed_session_is_put_in_again() -> None:
    """Behind `<resumed/>`, for either side; it has been lost with the connection."""
    registers = Registers()
    sm = "xmlns='urn:xmpp:sm:3' resume='true' id='one' previd='one' h='0'"
    old = Conversation(registers=registers)
    old.reach_features(MECHANISMS)
    old.client_sends(f"<enable {sm}/>".encode())
    old.server_sends(f"<enabled {sm}/>".encode())
    for side in Side:
        old.session.inject(side, f"<message to='{side}'/>".encode(), 0.0)
    talk = Conversation(registers=registers)
    talk.reach_features(MECHANISMS)
    talk.client_sends(f"<resume {sm}/>".encode())
    talk.server_gets()
    talk.server_sends(f"<resumed {sm}/>".encode())

    assert talk.server_gets() == b"<message to='server'/>"
    assert talk.client_gets() == f"<resumed {sm}/><message to='client'/>".encode()
    assert [talk.kinds(direction)[-1] for direction in ("c2s", "s2c")] == ["+message", "+message"]


def test_end_of_the_clients_stream_ends_its_redirects() -> None:
    """There is nothing to be resumed elsewhere any more."""
    talk = Conversation(address="127.0.0.1:5222")
    talk.reach_features(MECHANISMS)
    talk.server_sends(b"<enabled xmlns='urn:xmpp:sm:3' id='x' location='b.example' resume='true'/>")
    talk.client_sends(b"</stream:stream>")

    assert len(talk.seen(RedirectExpired)) == 1


@pytest.mark.parametrize("keeps", [True, False])
def test_features_that_are_left_out(keeps: bool) -> None:
    """Compression hides everything, so it is not offered unless that is wanted; a note says so."""
    talk = Conversation(options=options(keep_compression=keeps))
    talk.reach_features(b"<stream:features>" + COMPRESSION + b"</stream:features>")

    assert (talk.frames("s2c")[-1].left == talk.frames("s2c")[-1].data) is keeps
    assert len(talk.notes()) == 1 - keeps
