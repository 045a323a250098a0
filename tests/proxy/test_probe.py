"""The probe against scripted servers on loopback."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from tests.authority import UPSTREAM_CA, server_context
from tests.conversation import ANSWER, DOMAIN, MECHANISMS, OFFER, PROCEED
from tests.proxy.dns_server import serving
from xmppspy.bridge.survey import Survey
from xmppspy.errors import PeerError, UsageError
from xmppspy.protocol.framing import Frame
from xmppspy.proxy.connector import Connector
from xmppspy.proxy.probe import Probe
from xmppspy.proxy.resolver import Resolver
from xmppspy.proxy.upstream import Upstream
from xmppspy.replay.peer import Peer

Script = Callable[[Peer], Awaitable[None]]
PLUS = MECHANISMS.replace(b"SHA-1<", b"SHA-1-PLUS<")


@asynccontextmanager
async def served(script: Script) -> AsyncIterator[int]:
    """A server of that script; gives its port."""

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = Peer(reader, writer)
        try:
            await script(peer)
            while await peer.receive() is not None:
                pass
        except PeerError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


def probe(port: int, folder: Path, *, direct_tls: bool = False, patience: float = 5.0) -> Probe:
    """A probe of it that trusts the CA of the tests."""
    ca = folder / "ca.pem"
    UPSTREAM_CA.cert_pem.write_to_path(ca)
    upstream = Upstream("127.0.0.1", port, direct_tls)
    return Probe(Connector(upstream), DOMAIN, upstream_ca=ca, patience=patience)


def survey(script: Script, folder: Path, *, direct_tls: bool = False) -> Survey:
    """What is found of a server of that script."""

    async def run() -> Survey:
        async with served(script) as port:
            return await probe(port, folder, direct_tls=direct_tls).run()

    return asyncio.run(run())


def saying(answer: bytes) -> Script:
    """A server that answers the first header by this, whatever it says."""

    async def script(peer: Peer) -> None:
        await peer.require("a header")
        await peer.send(answer)

    return script


def negotiating(context: ssl.SSLContext, headers: list[Frame] | None = None) -> Script:
    """A server with STARTTLS, whose -PLUS is for TLS 1.2 only."""

    async def script(peer: Peer) -> None:
        await peer.require("a header")
        await peer.send(ANSWER + OFFER)
        await peer.require("<starttls/>")
        await peer.send(PROCEED)
        await peer.start_tls(context, server_side=True)
        header = await peer.require("a header")
        if headers is not None:
            headers.append(header)
        is_older = peer._pipe is not None and peer._pipe.version == "TLSv1.2"
        await peer.send(ANSWER + (PLUS if is_older else MECHANISMS))

    return script


def test_whole_server_is_seen(tmp_path: Path) -> None:
    """Features before and inside TLS, the certificate, and what TLS 1.2 changes."""
    headers: list[Frame] = []
    found = survey(negotiating(server_context(DOMAIN), headers), tmp_path)
    best = found.best

    assert (found.examined, found.verified, found.via) == (True, True, "fixed")
    assert best is not None
    assert best.before is not None
    assert best.before.starttls
    assert best.tls is not None
    assert best.tls.certificate is not None
    assert best.tls.certificate.names == (("dNSName", DOMAIN),)
    assert [(version, offer.mechanisms) for version, offer in found.offers] == [
        ("TLSv1.3", ("SCRAM-SHA-1",)),
        ("TLSv1.2", ("SCRAM-SHA-1-PLUS",)),
    ]
    assert {(header.to, header.from_) for header in headers} == {
        (DOMAIN, f"xmppspy-doctor@{DOMAIN}")
    }


def test_direct_tls(tmp_path: Path) -> None:
    """There is nothing before TLS."""

    async def script(peer: Peer) -> None:
        await peer.start_tls(server_context(DOMAIN), server_side=True)
        await peer.require("a header")
        await peer.send(ANSWER + MECHANISMS)

    found = survey(script, tmp_path, direct_tls=True)

    assert found.verified
    assert [visit.before for visit in found.visits] == [None, None]


def test_newest_version_is_obeyed(tmp_path: Path) -> None:
    """With TLS 1.2 at most there is one visit."""

    async def run() -> Survey:
        async with served(negotiating(server_context(DOMAIN))) as port:
            made = probe(port, tmp_path)
            made.newest = ssl.TLSVersion.TLSv1_2
            return await made.run()

    assert [version for version, _ in asyncio.run(run()).offers] == ["TLSv1.2"]


@pytest.mark.parametrize(
    ("name", "authority", "problem"),
    [
        (DOMAIN, trustme.CA(), "its CA is not known here; name the CA with --upstream-ca FILE"),
        ("other.example", UPSTREAM_CA, f"it does not name {DOMAIN}"),
    ],
)
def test_bad_certificate_is_looked_at_unverified(
    name: str, authority: trustme.CA, problem: str, tmp_path: Path
) -> None:
    """What is wrong is said, and the rest is seen all the same."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    found = survey(negotiating(context), tmp_path)
    best = found.best

    assert (found.examined, found.verified) == (True, False)
    assert best is not None
    assert best.tls is not None
    assert best.tls.problem.startswith(problem)
    assert best.tls.certificate is not None
    assert best.tls.certificate.names == (("dNSName", name),)
    assert len(found.offers) == 2


ERROR = b"<stream:error>%s</stream:error></stream:stream>"
CONDITION = b"<%s xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
TEXT = b"<text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>go\x7f away</text>"


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (ANSWER + ERROR % (CONDITION % b"host-unknown"), "name its domain with --domain NAME"),
        (
            ANSWER + ERROR % (CONDITION % b"policy-violation" + TEXT),
            'it ends the stream: policy-violation ("go\\x7f away")',
        ),
        (ANSWER + b"</stream:stream>", "it ends the stream without features"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n<html/>", 'it speaks no XMPP, but says "HTTP/1.1 400'),
        (b"<a\x1b[31m></a>", 'it speaks no XMPP, but says "<a\\x1b[31m'),
        (ANSWER.replace(b" version='1.0'>", b">"), "before 1.0"),
        (b"\x15\x03\x01\x00\x02\x02\x46", "write xmpps://HOST:PORT"),
        (ANSWER + OFFER + PROCEED + b"<x/>", "clear text behind its <proceed/>"),
        (ANSWER + OFFER + b"<failure/>", "then refuses it (<failure/>)"),
        (ANSWER + OFFER + PROCEED + b"no TLS", "clear text"),
    ],
)
def test_what_a_server_says_instead(answer: bytes, trouble: str, tmp_path: Path) -> None:
    """Each in a sentence without control characters."""
    found = survey(saying(answer), tmp_path)

    assert trouble in found.trouble
    assert found.trouble.isprintable()
    assert not found.examined


def test_server_without_tls_is_seen(tmp_path: Path) -> None:
    """What it offers in the clear is what it offers; it is not verified."""
    found = survey(saying(ANSWER + MECHANISMS), tmp_path)

    assert (found.examined, found.verified) == (True, False)
    assert [(version, offer.mechanisms) for version, offer in found.offers] == [
        ("", ("SCRAM-SHA-1",))
    ]


def test_silence_is_told(tmp_path: Path) -> None:
    """After the time it has; what may be behind it is said."""

    async def silent(_peer: Peer) -> None:
        return

    async def run() -> Survey:
        async with served(silent) as port:
            return await probe(port, tmp_path, patience=0.05).run()

    found = asyncio.run(run())

    assert found.trouble.startswith("it says nothing for 0.05 s; is the port for clients of XMPP?")


def test_an_answer_without_end_is_told(tmp_path: Path) -> None:
    """Who says a little again and again does not hold up the person who asked."""

    async def trickling(peer: Peer) -> None:
        with suppress(ConnectionError):
            while True:
                await peer.send(b" ")
                await asyncio.sleep(0.01)

    async def run() -> Survey:
        async with served(trickling) as port:
            return await asyncio.wait_for(probe(port, tmp_path, patience=0.1).run(), 20)

    found = asyncio.run(run())

    assert found.trouble == "it does not come to an end for 0.1 s"


def test_starttls_port_is_no_direct_tls(tmp_path: Path) -> None:
    """The other form is named."""

    async def script(peer: Peer) -> None:
        await peer.send(ANSWER)

    found = survey(script, tmp_path, direct_tls=True)

    assert found.trouble.endswith("is the port for STARTTLS? then write xmpp://HOST:PORT")


def test_servers_are_tried_in_order(tmp_path: Path) -> None:
    """By SRV: who fails is told with the reason, and who would come next."""

    async def run() -> Survey:
        async with served(negotiating(server_context(DOMAIN))) as port:
            zone = {
                f"_xmpp-client._tcp.{DOMAIN} SRV": [
                    f"1 0 {port} nowhere.{DOMAIN}.",
                    f"2 0 {port} here.{DOMAIN}.",
                    f"3 0 {port} later.{DOMAIN}.",
                ],
                f"here.{DOMAIN} A": ["127.0.0.1"],
            }
            async with serving(zone) as address:
                made = probe(port, tmp_path)
                made.connector = Connector(Upstream(DOMAIN), Resolver(address))
                return await made.run()

    found = asyncio.run(run())

    assert (found.via, found.verified) == ("srv", True)
    assert [bool(each.failure) for each in found.attempts] == [True, False]
    assert found.attempts[1].address.startswith("127.0.0.1:")
    assert [place.partition(":")[0] for place in found.untried] == [f"later.{DOMAIN}"]


def test_unknown_domain_is_told(tmp_path: Path) -> None:
    """Nothing to try: the reason of the DNS."""

    async def run() -> Survey:
        async with serving({}) as address:
            made = probe(1, tmp_path)
            made.connector = Connector(Upstream(DOMAIN), Resolver(address))
            return await made.run()

    found = asyncio.run(run())

    assert found.visits == ()
    assert "the DNS knows no address" in found.trouble


def test_unreachable_server_is_told(tmp_path: Path) -> None:
    """Where nobody listens."""

    async def run() -> Survey:
        async with served(saying(b"")) as port:
            pass
        return await probe(port, tmp_path).run()

    found = asyncio.run(run())

    place = found.attempts[0].place
    assert found.attempts[0].failure == "Connection refused"
    assert found.trouble == (
        f"no connection: {place}: Connection refused; check the address and port, and that the "
        "server runs"
    )


def test_advice_is_given_once(tmp_path: Path) -> None:
    """A failure that says what to do needs no more of it."""
    made = probe(1, tmp_path)
    made.connector = replace(made.connector, upstream=Upstream("nowhere.invalid", 5222))
    found = asyncio.run(made.run())

    assert found.trouble.startswith("no connection: nowhere.invalid:5222: ")
    assert found.trouble.count("check") == 1


def test_wrong_file_is_the_person_s_mistake(tmp_path: Path) -> None:
    """It is raised before anything is done."""
    made = probe(1, tmp_path)
    made.upstream_ca = tmp_path / "missing.pem"

    with pytest.raises(UsageError, match="--upstream-ca"):
        asyncio.run(made.run())
