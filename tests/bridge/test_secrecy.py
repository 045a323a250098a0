"""What is recorded of logins that xmppspy ends: no password, proof, signature or token is in it."""

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace

import pytest

from tests.bridge.stage import (
    CLIENT_LEG,
    EXPORTER,
    JULIET,
    PASSWORD,
    PROFILES,
    SERVER_LEG,
    WRONG,
    Client,
    Server,
    Stage,
    external_server,
    house,
    plain_client,
    scram_client,
    scram_server,
    scram_servers,
    token_client,
    token_server,
)
from xmppspy.analysis.redaction import Redactor, Sharer
from xmppspy.bridge.house import House
from xmppspy.capture.format import encode
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import Direction, Event, Fault, FrameRecord, Note
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.guard import Ruling

TOKEN = "fast-token-6c1d02e7a9"
PLUS = "SCRAM-SHA-256-PLUS"
EXPR = "HT-SHA-256-EXPR"
FAST = "xmlns='urn:xmpp:fast:0'"

_TEXT = re.compile(rb">([A-Za-z0-9+/]{4,}={0,2})<")
_SCRAM_SECRET = re.compile(rb"(?:,p=|^v=)([A-Za-z0-9+/]+={0,2})$")


class Recorded(Stage):
    """A stage that writes down what a session would record."""

    def __init__(self, home: House) -> None:
        self.events: list[Event] = []
        super().__init__(home)

    def see(self, direction: Direction, data: bytes) -> Ruling:
        """The frame with what went on; what was replied stands behind it."""
        ruling = super().see(direction, data)
        frame = self.frame(direction, data)
        record = self._record(direction, frame)
        self.events.append(record if ruling.data == data else replace(record, sent=ruling.data))
        if ruling.reply:
            back: Direction = "s2c" if direction == "c2s" else "c2s"
            frame = self.frame(back, ruling.reply)
            self.events.append(replace(self._record(back, frame), injected=True))
        self.events += [Note(t=0, conn=1, text=text) for text in ruling.notes]
        self.events += [
            Fault(t=0, conn=1, error=each.error, detail=each.detail) for each in ruling.troubles
        ]
        return ruling

    def _record(self, direction: Direction, frame: Frame) -> FrameRecord:
        return FrameRecord(
            n=len(self.events) + 1, t=0, conn=1, dir=direction, kind=frame.kind, data=frame.data,
            xmlns=frame.xmlns, ns=frame.ns, context=frame.context,
        )  # fmt: skip


# --- logins


def bound(profile: str, password: str = PASSWORD, **server: bool) -> Recorded:
    """SCRAM on both legs."""
    stage = Recorded(house())
    stage.offer([PLUS], [PLUS], [EXPORTER])
    script = scram_client(
        PLUS, password, header=f"p={EXPORTER},,", channel=CLIENT_LEG.values[EXPORTER]
    )
    servers = {PLUS: lambda: scram_server(PLUS, **server)}  # type: ignore[arg-type]
    stage.play(Client(profile, PLUS, script), Server(profile, servers))
    return stage


def wrong(profile: str) -> Recorded:
    """The client's password is wrong, and the server is sent a wrong proof."""
    return bound(profile, WRONG)


def unproved(profile: str) -> Recorded:
    """The server's signature is wrong."""
    return bound(profile, lies=True)


def shown(profile: str, password: str = PASSWORD) -> Recorded:
    """PLAIN with the client, SCRAM with the server."""
    stage = Recorded(house(password=None, takes_plain=True))
    stage.offer([PLUS], [PLUS], [EXPORTER])
    server = Server(profile, scram_servers([PLUS]), confirms=True)
    stage.play(Client(profile, "PLAIN", plain_client(password)), server)
    return stage


def shown_wrong(profile: str) -> Recorded:
    """PLAIN with a wrong password."""
    return shown(profile, WRONG)


def certified(profile: str, mechanism: str = "SCRAM-SHA-1", password: str = PASSWORD) -> Recorded:
    """SCRAM or PLAIN with the client, a certificate for the server."""
    stage = Recorded(house(has_certificate=True))
    stage.offer(["EXTERNAL"], ["EXTERNAL"])
    script = plain_client(password) if mechanism == "PLAIN" else scram_client(mechanism, password)
    stage.play(Client(profile, mechanism, script), Server(profile, {"EXTERNAL": external_server}))
    return stage


def certified_plain(profile: str) -> Recorded:
    """PLAIN is checked here."""
    return certified(profile, "PLAIN")


def certified_wrong(profile: str) -> Recorded:
    """Nothing reaches the server."""
    return certified(profile, password=WRONG)


def token(_profile: str) -> Recorded:
    """A token of FAST is given, and used on both legs."""
    stage = Recorded(house())
    stage.offer((), [PLUS], [EXPORTER], [EXPR])
    given = f"<token {FAST} token='{TOKEN}' expiry='2030-01-01T00:00:00Z'/>".encode()
    wanted = f"<request-token {FAST} mechanism='{EXPR}'/>".encode()
    script = scram_client(PLUS, header=f"p={EXPORTER},,", channel=CLIENT_LEG.values[EXPORTER])
    server = Server(ns.SASL2, scram_servers([PLUS]), inline=given)
    stage.play(Client(ns.SASL2, PLUS, script, inline=wanted), server)
    again = token_client(TOKEN, CLIENT_LEG.values[EXPORTER])
    servers = {EXPR: lambda: token_server(TOKEN, SERVER_LEG.values[EXPORTER])}
    client = Client(ns.SASL2, EXPR, again, inline=f"<fast {FAST}/>".encode())
    assert stage.play(client, Server(ns.SASL2, servers)) == "success"
    return stage


LOGINS: tuple[Callable[[str], Recorded], ...] = (
    bound, wrong, unproved, shown, shown_wrong, certified, certified_plain, certified_wrong, token,
)  # fmt: skip


# --- what is looked for


def payloads(data: bytes) -> Iterator[bytes]:
    """The texts that could be payloads, decoded."""
    for match in _TEXT.finditer(data):
        with suppress(ValueError):
            yield b64decode(match[1], validate=True)


def secrets(events: list[Event]) -> set[bytes]:
    """Proofs and signatures of all messages, both what came and what went on, and the others."""
    found = {PASSWORD.encode(), WRONG.encode(), TOKEN.encode()}
    for event in events:
        if isinstance(event, FrameRecord) and event.xmlns in PROFILES:
            for content in (*payloads(event.data), *payloads(event.left)):
                scram = {match[1] for match in _SCRAM_SECRET.finditer(content)}
                found |= scram | {b64decode(each) for each in scram}
                if not content.isascii():  # HT: a user and a hash, or a hash
                    found.add(content.partition(b"\0")[2] or content)
    return found


def leaks(events: list[Event], wanted: set[bytes]) -> set[bytes]:
    """The secrets that lines of a capture hold, in the clear or in base64 at any place."""
    lines = b"".join(map(encode, events))
    decoded = b"\n".join(
        content
        for event in events
        if isinstance(event, FrameRecord)
        for content in (*payloads(event.data), *payloads(event.left))
    )
    return {each for each in wanted if any(form in lines + decoded for form in forms(each))}


def forms(secret: bytes) -> Iterator[bytes]:
    """A secret as it is, and as it stands in base64 at each of three places."""
    yield secret
    for before in range(3):
        coded = b64encode(b"\0" * before + secret)
        yield coded[(0, 2, 3)[before] : -4]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("play", LOGINS)
def test_no_secret_is_recorded(play: Callable[[str], Recorded], profile: str) -> None:
    """Neither in what came nor in what went on, what was put in, notes and errors; nor shared."""
    stage = play(profile)
    wanted = secrets(stage.events)
    redactor, sharer = Redactor(b"a key of this run"), Sharer(b"a key of this copy")
    recorded = [redactor.apply(event) for event in stage.events]
    for event in recorded:
        sharer.learn(event)
    sharer.begin()
    copied = [sharer.apply(event) for event in recorded]

    assert leaks(stage.events, wanted) >= wanted - {
        PASSWORD.encode(),
        WRONG.encode(),
        TOKEN.encode(),
    }
    assert leaks(recorded, wanted) == set()
    assert leaks(copied, wanted) == set()


@pytest.mark.parametrize("play", [bound, shown, certified, token])
def test_the_login_was_ended_here(play: Callable[[str], Recorded]) -> None:
    """Something else went on than came, and a note says so."""
    stage = play(ns.SASL2)
    changed = [
        each for each in stage.events if isinstance(each, FrameRecord) and each.left != each.data
    ]

    assert changed
    assert any(f"the login of {JULIET} is bridged" in note for note in stage.notes)


def test_secrets_are_there_to_be_found() -> None:
    """The search finds the password, proofs on both legs, and both signatures, when all is kept."""
    kept = secrets(shown(ns.SASL).events)
    both = secrets(bound(ns.SASL).events)

    assert leaks(shown(ns.SASL).events, {PASSWORD.encode()})
    assert leaks(token(ns.SASL2).events, {TOKEN.encode()})
    assert len(both) == 3 + 2 * 4
    assert len(kept) == 3 + 2 * 2
