import random
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.harness.traffic import some
from tests.protocol.differential import check, mutated
from tests.protocol.feeding import HEADER
from tests.protocol.streams import spoilt, streams
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.accelerator import NOTHING, Watch, cutter
from xmppspy.protocol.context import DEFAULT_CONTEXT, StreamContext

LENGTHS = st.lists(st.integers(0, 60), max_size=30)
"""Of the reads; what is left comes in one."""

PREFIX_FREE = (
    b"<stream xmlns='http://etherx.jabber.org/streams' xmlns:c='jabber:server' xmlns:d='urn:d'>"
)
WATCH = Watch(frozenset({"secret"}), frozenset({"token"}), frozenset({"urn:secret:"}))

needs_compiled_code = pytest.mark.skipif(
    shutil.which("cc") is None, reason="there is no compiler: the accelerator was not built"
)


@pytest.fixture(autouse=True)
def way_of_framing() -> None:
    """Here both ways are compared; nothing is to be run twice."""


def plain(data: bytes, watch: Watch = NOTHING, context: StreamContext = DEFAULT_CONTEXT) -> int:
    """How many plain stanzas `data` begins with."""
    found = cutter(context, watch)
    assert found is not None
    return found.skim(data, 0, 10_000)[0]


# --- against the framer in Python


@needs_compiled_code
def test_usual_traffic_is_plain_and_the_same() -> None:
    """All that servers usually send is plain, but for what a read has parted."""
    stanzas = [each for each in some(400) if len(each) < 2000]

    assert check(b"".join(stanzas), [1000, 1, 2, 300]) == len(stanzas) - 2


@needs_compiled_code
def test_mutated_traffic_is_the_same() -> None:
    """Whatever is wrong with a stanza, it is framed alike, and judged by expat if it is wrong."""
    chance = random.Random(8)  # noqa: S311 - the same each time
    stanzas = [each for each in some(400) if len(each) < 2000]
    for _ in range(1500):
        data = mutated(b"".join(chance.sample(stanzas, 3)), chance)
        header = HEADER if chance.random() < 0.8 else PREFIX_FREE
        check(data, [chance.randint(0, 900) for _ in range(chance.randrange(4))], header)


@needs_compiled_code
@given(streams(), LENGTHS)
@settings(max_examples=60)
def test_streams_are_the_same(directions: list[bytes], lengths: list[int]) -> None:
    """Well-formed streams in every way that XML has are framed alike."""
    check(b"".join(directions), lengths, b"")


@needs_compiled_code
@given(spoilt(), LENGTHS)
@settings(max_examples=60)
def test_spoilt_streams_are_the_same(data: bytes, lengths: list[int]) -> None:
    """Malformed streams are framed alike."""
    check(data, lengths, b"")


# --- what is plain


@needs_compiled_code
@pytest.mark.parametrize(
    "stanza",
    [
        b"<presence/>",
        b"<iq type='get' id=\"1\"\n to='a'><ping xmlns='urn:xmpp:ping'/></iq >",
        b"<message xmlns='jabber:client'><body>\xc3\xa9 &amp; ] ]] > \xf0\x9f\x98\x80</body></message>",
        b"<message><a:b xmlns:a='urn:a' a:c='1'><a:d/></a:b><stream:e/></message>",
        b"<message xml:lang='en'><x xmlns=''><y/></x></message>",
    ],
)
def test_plain_stanzas(stanza: bytes) -> None:
    """Whole stanzas of the content namespace with which nothing is wrong."""
    assert plain(stanza * 2) == 2


@needs_compiled_code
@pytest.mark.parametrize(
    "data",
    [
        b"", b"<presence", b"<presence/", b"<message><body>", b"<message></messag", b" <presence/>",
        b"<r xmlns='urn:xmpp:sm:3'/>", b"<iq xmlns='urn:x'/>", b"<stream:iq/>", b"<other/>",
        b"<message><!--x--></message>", b"<message><![CDATA[x]]></message>", b"<message><?x?></message>",
        b"<message>]]></message>", b"<message>&#65;</message>", b"<message>&x;</message>",
        b"<message>\0</message>", b"<message>\xc0\x80</message>", b"<message>\xed\xa0\x80</message>",
        b"<message>\xef\xbf\xbf</message>", b"<message><p:x/></message>", b"<message p:x='1'/>",
        b"<message a='1' a='2'/>", b"<message a='1'b='2'/>", b"<message a='<'/>", b"<message a=1/>",
        b"<message a = '1'/>", b"<message></iq>", b"<message><x></message>", b"<message to='a&amp;b'/>",
        b"<message to='a\tb'/>", b"<message><x xmlns:p=''/></message>", b"<message><\xc3\xa9/></message>",
        b"<message><x xmlns='http://www.w3.org/2000/xmlns/'/></message>", b"<message><a:b:c/></message>",
        b"<message><x xmlns:xml='urn:x'/></message>", b"<message p:a='1' xmlns:p='u' q:a='1' xmlns:q='u'/>",
        b"</stream:stream>", b"<?xml version='1.0'?>", b"<message><1/></message>", b"<message>" * 80,
    ],
)  # fmt: skip
def test_what_is_not_plain(data: bytes) -> None:
    """Whatever is unfinished, unusual or wrong is left to others."""
    assert plain(data) == 0


@needs_compiled_code
def test_too_long_to_be_plain() -> None:
    """A stanza over the limit is left to others, before it is read to its end."""
    found = cutter(DEFAULT_CONTEXT)
    data = b"<message>" + b"x" * 100 + b"</message>"

    assert found is not None
    assert found.skim(data, 0, len(data) - 1) == (0, 0)
    assert found.skim(data, 0, len(data)) == (1, len(data))


@needs_compiled_code
@pytest.mark.parametrize(
    "data",
    [
        b"<message><secret/></message>", b"<message><x:SECRET xmlns:x='u'>1</x:SECRET></message>",
        b"<message mytoken='1'/>", b"<message>?Token=1</message>", b"<message a='?token=1'/>",
        b"<message>a = b</message>", b"<message>%3D</message>", b"<message><x xmlns='urn:secret:1'/></message>",
        b"<message a='urn:secret:'/>", b'<message>x="urn:secret:"</message>', b"<message>=",
    ],
)  # fmt: skip
def test_what_is_watched_for(data: bytes) -> None:
    """What holds a word that is watched for, or could, is not plain to whoever watches."""
    assert plain(data + b"<presence/>", WATCH) == 0


@needs_compiled_code
@pytest.mark.parametrize(
    "data",
    [
        b"<message><secrets/><asecret/></message>", b"<message token2='1'/>", b"<message>token 1=2</message>",
        b"<message v='YWI='/>", b"<message>%2F100%</message>", b"<x/>", b"<message>urn:secret:</message>",
    ],
)  # fmt: skip
def test_what_is_not_watched_for(data: bytes) -> None:
    """What only looks like it is as plain as it is to those who do not watch."""
    assert plain(data, WATCH) == plain(data)


# --- where it cannot be


def test_stream_that_it_does_not_know() -> None:
    """Streams whose header declares what would have to be escaped are left to others."""
    odd = [{"p": "urn:é"}, {"p": "urn:\n"}, {f"p{n}": "urn:p" for n in range(17)}]

    assert [cutter(StreamContext(ns.CLIENT, prefixes)) for prefixes in odd] == [None] * 3


@needs_compiled_code
def test_wrong_places() -> None:
    """A place outside of the buffer is an error, and no crash."""
    found = cutter(DEFAULT_CONTEXT)
    assert found is not None
    for start, limit in ((-1, 10), (5, 10), (0, -1)):
        with pytest.raises(ValueError, match=r"outside|negative"):
            found.skim(b"<iq>", start, limit)

    with pytest.raises(ValueError, match="not all plain"):
        found.lines(b"<presence/><", 1, b"")
