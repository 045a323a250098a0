"""Redirects: clients that are sent elsewhere come back to xmppspy."""

import pytest

from tests.conversation import MECHANISMS, Conversation, options
from tests.protocol.feeding import END
from tests.protocol.test_passage import Judge, Scripted
from xmppspy.protocol.events import UNCHANGED, Note
from xmppspy.protocol.guard import Ruling
from xmppspy.protocol.redirects import read_place
from xmppspy.protocol.requests import Redirected, RedirectExpired
from xmppspy.protocol.verdicts import DROP

US = "127.0.0.1:5222"
ERRORS = "urn:ietf:params:xml:ns:xmpp-streams"
SEE_OTHER = (
    f"<stream:error><see-other-host xmlns='{ERRORS}'> [2001:db8::1]:5333\n</see-other-host>"
    f"<text xmlns='{ERRORS}'>elsewhere</text></stream:error>"
)
ENABLED = "<enabled xmlns='urn:xmpp:sm:3' id='x' location=\"b.example:9222\" resume='true'/>"
SASL_2 = (
    "<success xmlns='urn:xmpp:sasl:2'><additional-data>dj0x</additional-data>"
    "<bound xmlns='urn:xmpp:bind:0'><sm:enabled xmlns:sm='urn:xmpp:sm:3' location='b.example'>"
    "<isr-enabled xmlns='https://xmpp.org/extensions/isr/0' token='t' location='c.example:1'/>"
    "</sm:enabled></bound></success>"
)


def told(data: str, *, address: str = US, keep: bool = False) -> Conversation:
    """A conversation in which the server says something at the end."""
    talk = Conversation(address=address, options=options(keep_redirects=keep))
    talk.reach_features(MECHANISMS)
    talk.server_sends(data.encode())
    return talk


@pytest.mark.parametrize(
    ("said", "places", "is_sticky"),
    [
        (SEE_OTHER, ["[2001:db8::1]:5333"], False),
        (SEE_OTHER.replace("[2001:db8::1]:5333", "a.example"), ["a.example"], False),
        (ENABLED, ["b.example:9222"], True),
        (ENABLED.replace("sm:3", "sm:2"), ["b.example:9222"], True),
        (SASL_2, ["b.example", "c.example:1"], True),
    ],
)
@pytest.mark.parametrize("address", [US, "[::1]:5222"])
def test_client_is_sent_back(said: str, places: list[str], is_sticky: bool, address: str) -> None:
    """Each place gives way to our address, every other byte stays; the outside is told."""
    talk = told(said, address=address)
    frame = talk.frames("s2c")[-1]
    expected = said
    for place in places:
        expected = expected.replace(place, address)

    assert talk.client_gets() == expected.encode()
    assert (frame.data, frame.sent) == (said.encode(), expected.encode())
    assert talk.seen(Redirected) == [Redirected(place, is_sticky) for place in reversed(places)]
    assert [note.n for note in talk.seen(Note)] == [frame.n] * len(places)
    assert talk.notes() == [
        f"the server sends the client to {place}: the client is sent back to xmppspy, which will "
        f"connect to {place}"
        for place in places
    ]


def test_redirect_in_pieces() -> None:
    """Nothing of a redirect leaves before it is whole."""
    for said in (SEE_OTHER, ENABLED):
        talk = told("")
        for byte in said:
            talk.server_sends(byte.encode())

        assert US in talk.client_gets().decode()


@pytest.mark.parametrize(("address", "keep"), [(US, True), ("", False)])
@pytest.mark.parametrize("said", [SEE_OTHER, ENABLED])
def test_redirects_are_kept(said: str, address: str, keep: bool) -> None:
    """If told so, or without an address, a client may go past; a note says that it will."""
    talk = told(said, address=address, keep=keep)

    assert talk.client_gets() == said.encode()
    assert talk.frames("s2c")[-1].sent is UNCHANGED
    assert talk.seen(Redirected) == []
    assert talk.notes()[0].endswith("it will connect there, past xmppspy")


@pytest.mark.parametrize(
    "said",
    [
        "<enabled location='a.example'/>",
        "<enabled xmlns='urn:xmpp:sm:3' xmlns:a='urn:a' a:location='a.example'/>",
        "<message><body>urn:xmpp:sm:3</body><enabled location='a.example'/></message>",
        f"<stream:error><conflict xmlns='{ERRORS}'/></stream:error>",
        f"<stream:error><text xmlns='{ERRORS}'>see-other-host</text></stream:error>",
        "<error><see-other-host>a.example</see-other-host></error>",
        "<stream:error><see-other-host/></stream:error>",
        "<stream:error><a><see-other-host>a.example</see-other-host></a></stream:error>",
        SEE_OTHER.replace("[2001:db8::1]:5333", "go away"),
        SEE_OTHER.replace("[2001:db8::1]:5333", "<![CDATA[a.example]]>"),
        "<success xmlns='urn:xmpp:sasl:2'><enabled location='a.example'/></success>",
    ],
)
def test_no_redirects(said: str) -> None:
    """What only looks like a redirect, or names no host, is left as it is."""
    talk = told(said)

    assert talk.client_gets() == said.encode()
    assert talk.seen(Redirected) == []
    assert talk.notes() == []


def test_client_may_say_the_same() -> None:
    """A client sends nobody elsewhere."""
    talk = told("")
    talk.client_sends(ENABLED.encode())

    assert talk.server_gets() == ENABLED.encode()
    assert talk.notes() == []


@pytest.mark.parametrize(
    "said", ["<enabled xmlns='urn:xmpp:sm:3'/>", ENABLED.replace("b.example", "no host")]
)
def test_session_without_a_place(said: str) -> None:
    """A session that is enabled without a location ends what an earlier one has said."""
    talk = told(said)

    assert talk.seen(RedirectExpired) == [RedirectExpired()]
    assert talk.client_gets() == said.encode()


def test_closed_stream_ends_the_session() -> None:
    """A client that closes its stream cannot resume; the server's end alone tells nothing."""
    talk = told(ENABLED)
    talk.server_sends(END)
    before = talk.seen(RedirectExpired)
    talk.client_sends(END)

    assert before == []
    assert talk.seen(RedirectExpired) == [RedirectExpired()]


def test_what_the_guard_lets_through_is_redirected() -> None:
    """The places are turned in the guard's bytes, with one record; what it swallows stays gone."""
    other = SASL_2.replace("dj0x", "dj0y")
    guard = Scripted({"success": Ruling(data=other.encode()), "error": Ruling(data=None)})
    talk = Conversation(address=US, guard=guard, interceptor=Judge(DROP))
    talk.reach_features(MECHANISMS)
    talk.server_sends((SASL_2 + SEE_OTHER).encode())

    assert guard.data[1:] == [SASL_2.encode(), SEE_OTHER.encode()]
    assert talk.client_gets().decode() == other.replace("b.example", US).replace("c.example:1", US)
    assert len(talk.seen(Redirected)) == 2


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a.example", ("a.example", None)),
        ("A.Example:5222", ("a.example", 5222)),
        ("192.0.2.1:1", ("192.0.2.1", 1)),
        ("[2001:db8::1]", ("2001:db8::1", None)),
        ("[2001:db8::1]:65535", ("2001:db8::1", 65535)),
        ("2001:db8::1", ("2001:db8::1", None)),
        ("b\u00fccher.example", ("xn--bcher-kva.example", None)),
    ],
)
def test_places(text: str, place: tuple[str, int | None]) -> None:
    """Host and port, an IPv6 address in brackets (RFC 6120 §4.9.3.19)."""
    assert read_place(text) == place


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a b",
        "a:0",
        "a:65536",
        "a:x",
        "[a.example]:1",
        "xmpp://a",
        "juliet@a",
        "a..b",
        "-" * 300,
    ],
)
def test_no_places(text: str) -> None:
    """What is no host leads nowhere."""
    assert read_place(text) is None
