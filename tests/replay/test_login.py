import asyncio
import hashlib
import re
from base64 import b64encode

import pytest

from tests.demo.backstage import DOMAIN, contexts
from tests.replay.guests import HEADER, ROMEO, SASL, SM, Guest, Stage, guest
from tests.replay.talks import JID, TALK, login, with_change
from xmppspy.bridge.credentials import Accounts
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.stanza import Stanza

SECRET = "wherefore"
KNOWN = Accounts({ROMEO: SECRET})
SASL2 = "urn:xmpp:sasl:2"
BIND2 = "urn:xmpp:bind:0"


def _offering(*mechanisms: str) -> list[str]:
    listed = "</mechanism><mechanism>".join(mechanisms)
    return with_change(TALK, "<mechanism>PLAIN</mechanism>", f"<mechanism>{listed}</mechanism>")


def recorded_with_tls() -> list[str]:
    """A login for which the stream was secured first."""
    tls = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>"
    lines = login()
    clear = [lines[0], lines[1], f"S <stream:features>{tls}</stream:features>"]
    return [*clear, "C <starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
            "S <proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", *lines]  # fmt: skip


@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512"])
def test_scram(mechanism: str) -> None:
    """Both sides prove that they know the password."""

    async def log_in() -> tuple[str, str]:
        async with Stage(_offering(mechanism), passwords=KNOWN) as stage, guest(stage) as romeo:
            await romeo.open()
            success = await romeo.scram(mechanism, "romeo", SECRET)
            await romeo.open()
            return success.kind, await romeo.bind()

    assert asyncio.run(log_in()) == ("success", JID)


def test_wrong_password_is_refused_and_told() -> None:
    """The client may try again on the same stream, but not for ever."""

    async def log_in() -> tuple[list[bytes], bytes, list[str]]:
        async with Stage(TALK, passwords=KNOWN) as stage, guest(stage) as romeo:
            await romeo.open()
            failures = [(await romeo.plain(words="guess")).data for _ in range(5)]
            last = await romeo.plain(words="guess")
            return failures, last.data, stage.said

    failures, last, said = asyncio.run(log_in())

    assert all(b"<not-authorized" in failure for failure in failures)
    assert b"<policy-violation" in last
    assert "a login was refused: not-authorized" in said
    assert SECRET not in "".join(said)


@pytest.mark.parametrize(
    ("said", "condition"),
    [
        (f"<auth xmlns='{SASL}' mechanism='EXTERNAL'>=</auth>", "invalid-mechanism"),
        (f"<auth xmlns='{SASL}' mechanism='PLAIN'>!</auth>", "incorrect-encoding"),
        (f"<auth xmlns='{SASL}' mechanism='PLAIN'>=</auth>", "malformed-request"),
    ],
)
def test_attempt_that_makes_no_sense(said: str, condition: str) -> None:
    """It fails with the condition of RFC 6120 §6.5."""

    async def log_in() -> bytes:
        async with Stage(TALK) as stage, guest(stage) as romeo:
            await romeo.open()
            await romeo.say(said)
            return (await romeo.hear("failure")).data

    assert f"<{condition} ".encode() in asyncio.run(log_in())


def test_password_without_initial_response() -> None:
    """A client that waits for the challenge gets an empty one."""

    async def log_in() -> str:
        async with Stage(TALK) as stage, guest(stage) as romeo:
            await romeo.open()
            await romeo.say(f"<auth xmlns='{SASL}' mechanism='PLAIN'/>")
            await romeo.hear("challenge")
            payload = b64encode(b"\0romeo\0x").decode()
            await romeo.say(f"<response xmlns='{SASL}'>{payload}</response>")
            return (await romeo.hear()).kind

    assert asyncio.run(log_in()) == "success"


def test_anonymous_gets_the_recorded_account() -> None:
    """Who has no name is given the recorded one."""

    async def log_in() -> str:
        async with Stage(_offering("ANONYMOUS")) as stage, guest(stage) as nobody:
            features = await nobody.open()
            assert b"<mechanism>ANONYMOUS</mechanism>" in features.data
            await nobody.say(f"<auth xmlns='{SASL}' mechanism='ANONYMOUS'/>")
            await nobody.hear("challenge")
            await nobody.say(f"<response xmlns='{SASL}'>=</response>")
            await nobody.hear("success")
            await nobody.open()
            return await nobody.bind()

    assert asyncio.run(log_in()) == JID


# --- TLS


def test_starttls_where_it_was_recorded() -> None:
    """In the clear there is STARTTLS only, inside it the recorded mechanisms."""

    async def log_in() -> tuple[Frame, str]:
        async with Stage(recorded_with_tls()) as stage, guest(stage) as romeo:
            await romeo.start_tls()
            features = await romeo.open()
            await romeo.plain()
            await romeo.open()
            return features, await romeo.bind()

    features, jid = asyncio.run(log_in())

    assert b"starttls" not in features.data
    assert b"<mechanism>PLAIN</mechanism>" in features.data
    assert jid == JID


def test_direct_tls_on_the_same_port() -> None:
    """The first byte decides."""

    async def log_in() -> str:
        async with Stage(recorded_with_tls()) as stage, guest(stage) as romeo:
            await romeo.peer.start_tls(contexts()[1], server_side=False, server_hostname=DOMAIN)
            return await romeo.log_in()

    assert asyncio.run(log_in()) == JID


# --- streams


def test_header_is_the_recorded_one() -> None:
    """With an id of its own each time, and the domain of today."""

    async def look() -> list[Frame]:
        headers = []
        async with Stage(TALK) as stage:
            for domain in ("capulet.example", "localhost"):
                async with guest(stage, domain) as romeo:
                    await romeo.say(HEADER.format(domain))
                    headers.append(await romeo.hear("stream"))
        return headers

    first, second = asyncio.run(look())

    assert b"xmlns:stream='http://etherx.jabber.org/streams' version='1.0'" in first.data
    assert (first.from_, second.from_) == ("capulet.example", "localhost")
    assert len({first.id, second.id, "s1", "s1-again"}) == 4


@pytest.mark.parametrize(
    ("said", "condition"),
    [
        (HEADER.format("x") + "<message/>", "not-authorized"),
        ("<message/>", "invalid-xml"),
        ("GET / HTTP/1.1\r\n\r\n", "not-well-formed"),
    ],
)
def test_who_skips_the_login_is_sent_away(said: str, condition: str) -> None:
    """Without a login there is nothing to hear but an error."""

    async def skip() -> bytes:
        async with Stage(TALK) as stage, guest(stage) as romeo:
            await romeo.say(said)
            error = await romeo.hear("error")
            await romeo.hear("/stream")
            return error.data

    assert f"<{condition} ".encode() in asyncio.run(skip())


# --- SASL2


async def _sasl2(romeo: Guest, inline: str) -> tuple[str, Frame]:
    payload = b64encode(f"\0romeo\0{SECRET}".encode()).decode()
    await romeo.say(
        f"<authenticate xmlns='{SASL2}' mechanism='PLAIN'>"
        f"<initial-response>{payload}</initial-response>{inline}</authenticate>"
    )
    success = await romeo.hear("success")
    return success.data.decode(), await romeo.hear("features")


def test_sasl2_with_bind_2() -> None:
    """One exchange gives the account, the resource, and stream management."""

    async def log_in() -> tuple[str, Frame, bytes]:
        async with Stage(TALK, passwords=KNOWN) as stage, guest(stage) as romeo:
            await romeo.open()
            enable = f"<enable xmlns='{SM}' resume='true'/>"
            success, features = await _sasl2(romeo, f"<bind xmlns='{BIND2}'>{enable}</bind>")
            await romeo.say(f"<presence/><r xmlns='{SM}'/>")
            return success, features, (await romeo.hear("a")).data

    success, features, counted = asyncio.run(log_in())

    assert f"<authorization-identifier>{JID}</authorization-identifier>" in success
    assert re.search(
        f"<bound xmlns='{BIND2}'><enabled xmlns='{SM}' id='[^']+' resume='true'", success
    )
    assert b"<bind " in features.data
    assert b"h='1'" in counted


def test_sasl2_resumes() -> None:
    """A session is resumed in the same exchange; an unknown one is bound anew."""

    async def log_in() -> tuple[str, str]:
        async with Stage(TALK) as stage:
            async with guest(stage) as romeo:
                await romeo.open()
                enable = f"<enable xmlns='{SM}' resume='true'/>"
                success, _ = await _sasl2(romeo, f"<bind xmlns='{BIND2}'>{enable}</bind>")
            name = success.partition("id='")[2].partition("'")[0]
            await stage.told("lost its connection")
            async with guest(stage) as romeo:
                await romeo.open()
                again, _ = await _sasl2(romeo, f"<resume xmlns='{SM}' previd='{name}' h='0'/>")
            async with guest(stage) as romeo:
                await romeo.open()
                resume = f"<resume xmlns='{SM}' previd='unknown' h='0'/>"
                failed, _ = await _sasl2(romeo, f"{resume}<bind xmlns='{BIND2}'/>")
            return again, failed

    again, failed = asyncio.run(log_in())

    assert "<resumed " in again
    assert f"<authorization-identifier>{JID}<" in again
    assert "<failed " in failed
    assert "<bound " in failed


# --- older ways


def test_legacy_login() -> None:
    """Clients of XEP-0078 get in by password or digest."""

    async def log_in(fields: str) -> tuple[str | None, bytes]:
        async with Stage(TALK, passwords=KNOWN) as stage, guest(stage) as romeo:
            await romeo.say(HEADER.format(romeo.domain))
            header = await romeo.hear("stream")
            await romeo.say("<iq type='get' id='f'><query xmlns='jabber:iq:auth'/></iq>")
            await romeo.hear("iq", "<digest/>")
            digest = hashlib.sha1(
                f"{header.id}{SECRET}".encode(), usedforsecurity=False
            ).hexdigest()
            filled = fields.format(digest)
            query = f"<query xmlns='jabber:iq:auth'><username>romeo</username>{filled}</query>"
            await romeo.say(f"<iq type='set' id='l'>{query}</iq>")
            result = await romeo.hear("iq")
            return result.type, result.data

    resource = "<resource>garden</resource>"

    assert asyncio.run(log_in(f"<password>{SECRET}</password>{resource}"))[0] == "result"
    assert asyncio.run(log_in(f"<digest>{{}}</digest>{resource}"))[0] == "result"
    assert b"<not-authorized" in asyncio.run(log_in("<password>guess</password>"))[1]


def test_component() -> None:
    """A component shakes hands with its secret (XEP-0114)."""
    header = (
        "<stream:stream xmlns='jabber:component:accept'"
        " xmlns:stream='http://etherx.jabber.org/streams' {}='rooms.capulet.example'{}>"
    )
    recorded = [
        "C " + header.format("to", ""), "S " + header.format("from", " id='1'"),
        "C <handshake>0</handshake>", "S <handshake/>",
        "S <message from='a@x.example' to='r@rooms.capulet.example'><body>!</body></message>",
    ]  # fmt: skip

    async def shake(secret: str) -> tuple[str, bytes]:
        known = Accounts({"rooms.capulet.example": SECRET})
        async with Stage(recorded, passwords=known) as stage, guest(stage) as rooms:
            await rooms.say(header.format("to", ""))
            opened = await rooms.hear("stream")
            proof = hashlib.sha1(f"{opened.id}{secret}".encode(), usedforsecurity=False).hexdigest()
            await rooms.say(f"<handshake>{proof}</handshake>")
            answer = await rooms.hear()
            return answer.kind, (await rooms.hear()).data

    kind, message = asyncio.run(shake(SECRET))

    assert kind == "handshake"
    assert b"<body>!</body>" in message
    assert asyncio.run(shake("guess"))[0] == "error"


def test_wanted_resource_is_bound() -> None:
    """The recorded one only where the client names none."""

    async def bind(resource: str) -> str:
        async with Stage(TALK) as stage, guest(stage) as romeo:
            await romeo.open()
            await romeo.plain()
            await romeo.open()
            await romeo.say("<iq type='set' id='&lt;'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
                            f"<resource>{resource}</resource></bind></iq>")  # fmt: skip
            return Stanza(await romeo.hear("iq")).text

    assert asyncio.run(bind("a &amp; b")) == f"{ROMEO}/a & b"
    assert asyncio.run(bind("")) == JID
