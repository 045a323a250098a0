"""Mirror: both legs' TLS is alike, whichever comes first, and where it is not, that is said."""

import pytest

from tests.conversation import HEADER, OFFER, PROCEED, STARTTLS, Conversation
from tests.protocol.engines import NAME, Wire, client_context, server_context
from xmppspy.protocol.events import Side, TLSEstablished
from xmppspy.protocol.mirror import answered, asked_for, difference
from xmppspy.protocol.requests import LeafRequested, UpstreamTLSRequested
from xmppspy.protocol.tls import TLSPipe

VERSIONS = ["TLSv1.2", "TLSv1.3"]
both_versions = pytest.mark.parametrize("version", VERSIONS)


def wire(version: str = "1.3", alpn: tuple[str, ...] = ()) -> Wire:
    """Two ends of a TLS connection."""
    return Wire(
        client_context(exporting=False, version=version, alpn=alpn),
        server_context(exporting=False, alpn=alpn),
    )


def agreed(talk: Conversation) -> dict[Side, str]:
    """The TLS version of each leg."""
    return {event.leg: event.version for event in talk.seen(TLSEstablished)}


def starttls_on_both(*, server: str, client: str) -> Conversation:
    """STARTTLS on both legs, up to those versions."""
    talk = Conversation()
    talk.reach_features()
    talk.client_sends(STARTTLS)
    talk.server_sends(PROCEED)
    talk.server.start_tls(newest=server)
    talk.settle()
    talk.client.start_tls(newest=client)
    talk.settle()
    return talk


# --- what is known of one leg


@both_versions
def test_what_a_client_asks_for(version: str) -> None:
    """Its hello tells, or the TLS there is with it already; before, nothing is known."""
    context = client_context(exporting=False, version=version[4:], alpn=["xmpp-client"])
    hello = TLSPipe(context, server_side=False, server_hostname=NAME).data_to_send()
    newest, read = asked_for(hello, None)

    assert read is not None
    assert (newest, read.alpn) == (version, ("xmpp-client",))
    assert asked_for(None, wire(version[4:]).server) == (version, None)
    assert asked_for(None, None) == asked_for(hello[:40], None) == (None, None)


@both_versions
def test_what_a_server_has_answered(version: str) -> None:
    """ALPN counts where TLS comes first; without TLS there is nothing to go by."""
    plain, named = wire(version[4:]).client, wire(version[4:], ("xmpp-client",)).client

    assert answered(named, direct=True) == (version, ("xmpp-client",))
    assert answered(plain, direct=True) == (version, ())
    assert answered(plain, direct=False) == (version, None)
    assert answered(None, direct=True) == (None, None)
    assert answered(TLSPipe(server_context(), server_side=True), direct=True) == (None, None)


def test_difference() -> None:
    """Two versions are worth a word; the same ones, or one leg only, are not."""
    old, new = wire("1.2"), wire("1.3")
    said = difference(old.server, new.client)

    assert said.startswith("TLS is TLSv1.3 with the server, but TLSv1.2 with the client: ")
    assert said.endswith("; --max-tls 1.2 makes both the same")
    assert difference(new.server, new.client) == difference(old.server, old.client) == ""
    assert difference(old.server, None) == difference(None, new.client) == ""


# --- sessions


@both_versions
def test_client_gets_the_version_of_the_server(version: str) -> None:
    """STARTTLS: TLS with the server comes first, and the client gets no newer one."""
    talk = starttls_on_both(server=version, client="TLSv1.3")

    assert agreed(talk) == {Side.SERVER: version, Side.CLIENT: version}
    assert talk.seen(LeafRequested)[0].alpn is None
    assert not any("--max-tls" in note for note in talk.notes())


def test_older_client_is_told_of() -> None:
    """The server's version is settled when the client turns out to know no such new one."""
    talk = starttls_on_both(server="TLSv1.3", client="TLSv1.2")

    assert agreed(talk) == {Side.SERVER: "TLSv1.3", Side.CLIENT: "TLSv1.2"}
    assert [note for note in talk.notes() if note.endswith("--max-tls 1.2 makes both the same")]


@both_versions
@pytest.mark.parametrize("alpn", [(), ("xmpp-client",)])
def test_server_is_offered_what_the_client_offers(version: str, alpn: tuple[str, ...]) -> None:
    """Direct TLS on both sides: the client's hello is there before the server's is asked for."""
    talk = Conversation(upstream="direct")
    talk.client.start_tls(newest=version, alpn=alpn)
    talk.settle()
    request, leaf = talk.seen(UpstreamTLSRequested)[0], talk.seen(LeafRequested)[0]

    assert (request.version, request.alpn) == (version, alpn)
    assert agreed(talk) == {Side.SERVER: version, Side.CLIENT: version}
    assert (leaf.version, leaf.alpn) == (version, ())  # this server knows no protocol by name


def test_client_is_answered_what_the_server_has_answered() -> None:
    """ALPN is selected for the client when the server has selected it."""
    talk = Conversation(upstream="pending")
    talk.client.start_tls(alpn=("xmpp-client",))
    talk.settle()
    talk.connected = True
    talk.server.start_tls(alpn=("xmpp-client",))
    talk.session.upstream_connected(0.0, direct_tls=True)
    talk.settle()

    assert talk.client.tls is not None
    assert talk.client.tls.alpn == "xmpp-client"
    assert {event.alpn for event in talk.seen(TLSEstablished)} == {"xmpp-client"}


@both_versions
def test_server_with_starttls_gets_the_version_of_a_client_in_tls(version: str) -> None:
    """The client's hello waits; what it knows limits the STARTTLS that is done for it."""
    talk = Conversation()
    talk.client.start_tls(newest=version, alpn=("xmpp-client",))
    talk.settle()
    talk.server_sends(HEADER.replace(b" to=", b" id='1' from=") + OFFER)
    talk.server_sends(PROCEED)
    talk.starts_tls(Side.SERVER)
    request = talk.seen(UpstreamTLSRequested)[0]

    assert (request.version, request.alpn) == (version, None)
    assert agreed(talk) == {Side.SERVER: version, Side.CLIENT: version}
    assert talk.seen(LeafRequested)[0].alpn is None
