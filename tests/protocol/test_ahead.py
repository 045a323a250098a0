import pytest
from hypothesis import given, settings

from benchmarks.harness.traffic import some
from tests.protocol import feeding
from tests.protocol.feeding import HEADER
from tests.protocol.streams import spoilt, stream
from xmppspy.protocol import accelerator
from xmppspy.protocol.ahead import WINDOW, cut
from xmppspy.protocol.context import DEFAULT_CONTEXT
from xmppspy.protocol.frames import Frame

IQ = b"<iq id='1' type='get'><query xmlns='urn:q'><a/><b>x</b></query><p xmlns=\"urn:p\"/></iq>"


@pytest.fixture(autouse=True)
def way_of_framing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here everything is read by Python."""
    monkeypatch.setattr(accelerator._Compiled, "kind", None)


def at_once(data: bytes, *, start: int = 0, limit: int = 10_000, most: int = 64) -> list[Frame]:
    """What is cut of `data`."""
    return cut(bytearray(data), start, limit, most, 100, DEFAULT_CONTEXT)


def test_whole_elements() -> None:
    """Each with what its first start tags say."""
    first, second = at_once(b"--" + IQ + b"<presence/>", start=2)

    assert first == Frame(
        "iq", IQ, 100, DEFAULT_CONTEXT, None, "get", "1", None, None, ("urn:q", "urn:p")
    )
    assert second == Frame("presence", b"<presence/>", 100 + len(IQ))


@pytest.mark.parametrize(
    "behind",
    [
        b" <iq/>", b"x<iq/>", b"<iq>", b"<iq><a></iq></a>", b"</stream:stream>", b"<iq><!-- --></iq>",
        b"<stream:stream>", b"<x:stream/>", b"<a><![CDATA[]]></a>", b"<iq", b"<?x?><iq/>", b"<iq a/>",
    ],
)  # fmt: skip
def test_all_else_is_left_to_the_framer(behind: bytes) -> None:
    """From there on nothing is said, and what came before stands."""
    assert at_once(behind) == []
    assert [frame.data for frame in at_once(IQ + behind)] == [IQ]


def test_bounds() -> None:
    """A frame may have so many bytes, and there may be so many frames."""
    large = b"<iq>" + b"x" * WINDOW + b"</iq>"

    assert [len(at_once(IQ * 3, most=most)) for most in (1, 2, 9)] == [1, 2, 3]
    assert [len(at_once(IQ, limit=limit)) for limit in (len(IQ) - 1, len(IQ))] == [0, 1]
    assert at_once(large) == []


def test_usual_traffic_is_cut_so() -> None:
    """All of it, as far as the window goes."""
    stanzas = [each for each in some(200) if len(each) < 2000]
    frames = at_once(b"".join(stanzas)[: WINDOW // 2])

    assert [frame.data for frame in frames] == stanzas[: len(frames)]
    assert len(frames) > 20


@given(inside=stream(may_end=True) | spoilt())
@settings(max_examples=100)
def test_it_makes_no_difference(inside: bytes) -> None:
    """Byte by byte nothing is at hand at once, and the frames are the same."""
    data = HEADER + inside
    whole, slowly = feeding.in_chunks([data]), feeding.byte_by_byte(data)

    assert feeding.outcome(whole) == feeding.outcome(slowly)
