import gc
import subprocess
import sys
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.filters import naive
from tests.filters.samples import CAPTURE, EVENTS, SPOKEN, frame
from xmppspy.capture.format import FrameLine
from xmppspy.errors import FilterError
from xmppspy.filters import Filter
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.events import FrameRecord

_COMPARISONS = [
    ("kind", ":", "message"), ("kind", ":", "space"), ("kind", "=", "/stream"),
    ("kind", "~", "^f"), ("dir", ":", "s2c"), ("dir", "~", "c2"), ("type", ":", "get"),
    ("type", "~", "^(set|result)$"), ("id", ":", "r1"), ("id", "=", "c1"), ("id", "~", "1$"),
    ("from", ":", "romeo@example.net"), ("from", ":", "ROMEO@example.NET/orchard"),
    ("from", "=", "juliet@example.org"), ("from", "~", "@example"), ("to", ":", "example.org"),
    ("to", ":", "juliet@example.org"), ("jid", ":", "example.org"), ("jid", "~", "^romeo"),
    ("ns", ":", "urn:xmpp"), ("ns", ":", "jabber"), ("ns", ":", "http://jabber.org/protocol"),
    ("ns", ":", "http://etherx.jabber.org/streams"), ("ns", ":", "jabber:server:dialback"),
    ("ns", "=", "jabber:client"), ("ns", "~", ":[0-9]$"),
    ("ns", ":", "urn:ietf:params:xml:ns:xmpp-stanzas"), ("name", ":", "query"),
    ("xep", ":", "0313"), ("xep", ":", "198"), ("xep", "=", "0297"), ("xep", ":", "RFC6121"),
    ("xep", "~", "^0[12]|6121"),
    ("name", ":", "item-not-found"), ("name", "=", "odd"), ("name", "~", "^(message|x)$"),
    ("body", ":", "TOM & JERRY"), ("body", ":", "e"), ("body", ":", "romeo"),
    ("body", ":", "übel GRÖSSTE"), ("body", "=", "a < b"), ("body", "~", "[WI][a-z]+"),
    ("text", ":", "wherefore art"), ("text", ":", "elsewhere"), ("text", "=", "key"),
    ("text", "~", "(?s)o.*y"), ("raw", ":", "CDATA"), ("raw", "~", "\\x16\\x03"),
    ("raw", ":", "übel"), ("raw", "=", "\n"), ("conn", ":", "2"), ("conn", ">", "1"),
    ("n", "<", "5"), ("n", ":", "3..5"), ("n", "=", "4"), ("size", ":", "100.."),
    ("size", ":", "..60"), ("size", ">", "150"), ("t", ":", "0.3..1"), ("t", ":", "0.4"),
    ("event", ":", "tls"), ("event", "~", "^[a-e]"),
]  # fmt: skip
_WORDS = [
    "message", "presence", "iq", "features", "auth", "failure", "starttls", "proceed", "r", "a",
    "enabled", "c2s", "s2c", "stanza", "nonza", "stream", "sasl", "tls", "sm", "error", "event",
]  # fmt: skip

Written = tuple[naive.Expression, str]


def _written(comparison: tuple[str, str, str], mark: str) -> Written:
    field, operator, value = comparison
    if not mark and any(sign in value for sign in " ()\n"):
        mark = '"'
    text = f"{field}{operator}{mark}{value}{mark}"
    return ("compare", *comparison), text


def _group(part: Written, *kinds: str) -> str:
    expression, text = part
    return f"({text})" if expression[0] in kinds else text


def _negated(part: Written, sign: str) -> Written:
    return ("not", part[0]), f"{sign} {_group(part, 'and', 'or')}"


def _all(parts: list[Written], sign: str) -> Written:
    text = sign.join(_group(part, "or") for part in parts)
    return ("and", *(expression for expression, _ in parts)), text


def _any(parts: list[Written], sign: str) -> Written:
    return ("or", *(expression for expression, _ in parts)), sign.join(text for _, text in parts)


def _compounds(inner: st.SearchStrategy[Written]) -> st.SearchStrategy[Written]:
    several = st.lists(inner, min_size=2, max_size=4)
    return st.one_of(
        st.builds(_negated, inner, st.sampled_from(["not", "!", "! not !"])),
        st.builds(_all, several, st.sampled_from([" ", " and ", " & ", "  & "])),
        st.builds(_any, several, st.sampled_from([" or ", " | "])),
        inner.map(lambda part: (("and", part[0]), f"( {part[1]} )")),
    )


_leaves: st.SearchStrategy[Written] = st.one_of(
    st.sampled_from(_WORDS).map(lambda word: (("word", word), word)),
    st.builds(_written, st.sampled_from(_COMPARISONS), st.sampled_from(["", '"', "'"])),
)
_expressions = st.recursive(_leaves, _compounds, max_leaves=8)


@given(_expressions)
def test_a_filter_means_what_a_naive_reading_says(written: Written) -> None:
    """Precedence, groups, order of evaluation and every short cut change nothing."""
    expression, text = written
    made = Filter(text)

    assert [made.match(event) for event in CAPTURE] == [
        naive.holds(expression, event) for event in CAPTURE
    ]


@pytest.mark.parametrize("comparison", _COMPARISONS, ids="".join)
def test_every_comparison_alone_agrees_with_the_naive_reading(
    comparison: tuple[str, str, str],
) -> None:
    """Each field and operator finds in a capture what a slow search of it finds."""
    _, text = _written(comparison, "'")
    made = Filter(text)
    found = [event for event in CAPTURE if made.match(event)]

    assert found == [event for event in CAPTURE if naive.holds(("compare", *comparison), event)]
    assert 0 < len(found) < len(CAPTURE)


@given(_expressions)
def test_the_canonical_text_says_the_same(written: Written) -> None:
    """`str()` of a filter parses to an equal filter, and is its own canonical text."""
    made = Filter(written[1])
    again = Filter(str(made))

    assert again == made
    assert str(again) == str(made)
    assert hash(again) == hash(made)


@given(_expressions)
def test_the_canonical_text_needs_no_other_spelling(written: Written) -> None:
    """What equals what does not depend on how it was spelled."""
    expression, _ = written
    canonical = Filter(str(Filter(written[1])))

    assert [canonical.match(event) for event in CAPTURE] == [
        naive.holds(expression, event) for event in CAPTURE
    ]


_pieces = st.sampled_from(
    [*_WORDS, "and", "or", "not", "(", ")", '"', "'", "&", "|", "!", " ", ":", "=", "~", "..",
     "body", "xpath", "xpath:", "body~", "from:", "size:", "time:", "time", "id", "[", "*", "+", "?",
     "\\", "//", "@", "c:body", "0", "9" * 30, "\x00", "\ud800", "é", "\n", "{", "}", "$", "-"]
)  # fmt: skip
_garbage = st.one_of(st.text(max_size=30), st.lists(_pieces, max_size=12).map("".join))


@given(st.lists(_garbage, max_size=4))
def test_garbage_is_refused_with_the_place(arguments: list[str]) -> None:
    """Whatever is given, either it is a filter that works, or a FilterError with a caret in it."""
    try:
        made = Filter.from_arguments(arguments)
    except FilterError as caught:
        error = caught
    else:
        assert Filter(str(made)) == made
        assert all(made.match(event) in (True, False) for event in CAPTURE[::7])
        return
    reason, text, caret = str(error).splitlines()

    assert reason.startswith("filter: ")
    assert caret.index("^") - 2 == error.position <= len(error.text) == len(text) - 2


@given(st.binary(max_size=60), st.sampled_from(["iq", "partial", "opaque", "stream", "space"]))
def test_no_bytes_make_a_match_fail(data: bytes, kind: str) -> None:
    """Frames are hostile: a filter answers yes or no to any of them."""
    record = replace(SPOKEN[3], kind=kind, data=b"<iq>" + data, from_=data.decode(errors="replace"))
    made = Filter("not (name:x ns:y text:z body:w raw:v from:u@v/w xpath://c:*)")

    assert made.match(record)


def test_the_empty_filter_means_everything() -> None:
    """No text, blank text and no arguments match frames and events alike."""
    for made in (Filter(), Filter(" \t"), Filter.from_arguments([])):
        assert all(made.match(event) for event in CAPTURE)
        assert str(made) == ""
    assert Filter("  ") == Filter()


def _head(frame: FrameRecord) -> FrameRecord:
    """What is known when the start tag has come; the rest misleads."""
    return replace(frame, n=10**6, t=1e6, ns=("urn:misleading",), data=b"<misleading>")


@given(_expressions)
def test_no_frame_matches_that_could_not(written: Written) -> None:
    """When the start tag excludes a match, the whole frame does not match."""
    made = Filter(written[1])

    assert not [frame for frame in SPOKEN if made.match(frame) and not made.may_match(_head(frame))]


_AT_START = [
    comparison
    for comparison in _COMPARISONS
    if comparison[0] in {"kind", "dir", "type", "id", "from", "to", "jid", "conn"}
]


@pytest.mark.parametrize(
    "text", [*(_written(each, "'")[1] for each in _AT_START), *_WORDS, "event:tls", "not iq", ""]
)
def test_the_keys_of_the_start_tag_decide(text: str) -> None:
    """Where a filter asks for nothing else, the answer at the start tag is the final one."""
    made = Filter(text)

    assert [made.may_match(_head(frame)) for frame in SPOKEN] == list(map(made.match, SPOKEN))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("message body:x", False),
        ("message or body:x", True),
        ("iq body:x", True),
        ("iq not body:x", True),
        ("not (iq or body:x)", False),
        ("not (message or body:x)", True),
        ("ns:urn:x or message", True),
        ("iq type:set latency:1..", False),
        ("latency:1..", True),
        ("size:..5", True),
        ("t:..1", True),
        ("time:07:40", True),
        ("n:7", True),
        ("raw:x xep:0313 name:x text:x xpath://c:x", True),
        ("message or not ns:jabber:iq:roster", True),
    ],
)
def test_what_a_start_tag_leaves_open_may_match(text: str, expected: bool) -> None:
    """Each part of a filter counts for as much as is known of it."""
    assert Filter(text).may_match(_head(frame('<iq type="get" id="r1"/>'))) is expected


def test_the_namespace_of_an_element_decides_as_far_as_it_goes() -> None:
    """Those of its children are not known yet."""
    head = _head(frame("<r xmlns='urn:xmpp:sm:3'/>"))

    assert not Filter("not ns:urn:xmpp:sm").may_match(head)
    assert not Filter("not xep:0198").may_match(head)
    assert Filter("not ns:urn:xmpp:mam").may_match(head)
    assert Filter("ns:urn:xmpp:mam").may_match(head)


def test_a_filter_says_what_it_asks_for() -> None:
    """By the names of its words and fields, so that others can refuse what they cannot give."""
    made = Filter("not (iq or n>7) latency:0.5.. 'body~a:b'")

    assert made.names == {"iq", "n", "latency", "body"}
    assert made.follows
    assert not Filter("iq").follows


def test_filters_show_themselves() -> None:
    """`repr` shows the canonical text; filters equal nothing but filters."""
    made = Filter("(iq) & type:'get'")

    assert repr(made) == "Filter('iq type:get')"
    assert made != "iq type:get"


def test_a_filter_takes_its_clock_later() -> None:
    """`with_clock` says when a capture began, once that has been read."""
    made = Filter("time:07:40 event")
    began = made.with_clock(datetime(2026, 11, 22, 7, 40, 30, tzinfo=UTC), utc=True)

    assert not any(made.match(event) for event in EVENTS)
    assert all(began.match(event) for event in EVENTS)
    assert began == made
    same = Filter("time:07:40", created=datetime(2026, 11, 22, 7, 40, 30, tzinfo=UTC), utc=True)
    assert same.match(EVENTS[0])


def test_hints_are_told_once() -> None:
    """What looks like a mistake without being one is there for the command to say."""
    made = Filter("xpath://body or xpath:/body/c:x or iq")

    assert made.hints == ("xpath: body without a prefix is in no namespace; did you mean c:body?",)
    assert Filter("iq").hints == ()


_LAZY = """
import sys
from xmppspy.filters import Filter
from tests.filters.samples import CAPTURE
for text in sys.argv[1:]:
    made = Filter(text)
    for event in CAPTURE:
        if b"&#" not in getattr(event, "data", b""):
            made.match(event)
    print(text, "lxml" in sys.modules)
"""


def _loads_lxml(*texts: str) -> list[str]:
    run = subprocess.run(
        [sys.executable, "-c", _LAZY, *texts], capture_output=True, text=True, check=True
    )
    return run.stdout.splitlines()


def test_no_tree_is_built_where_the_keys_or_the_bytes_decide() -> None:
    """Filters that a line's keys or a search of its bytes decide do not even load lxml."""
    texts = (
        "message from:juliet@example.org or iq type:error", "not kind:space n:..9 t:0.. size>1",
        "raw:wherefore", "raw~x", "ns:urn:xmpp:nowhere", "xep:0060 or xep:9999", "name:nowhere", "ns:urn:xmpp:ping iq c2s",
        "presence body:x", "event (body:x or text:x)", "not (stanza or nonza) body:x",
    )  # fmt: skip

    assert _loads_lxml(*texts) == [f"{text} False" for text in texts]


def test_a_tree_is_built_where_it_is_needed() -> None:
    """The check above would notice: these do load lxml."""
    for text in ("body:wherefore", "name~x", "xpath://c:body"):
        assert _loads_lxml(text) == [f"{text} True"]


def test_cheap_parts_are_asked_first() -> None:
    """Where one part of an *and* fails or of an *or* holds, a dearer one to its left waits."""
    texts = ("body:o presence", "body:o or message or not message")

    assert _loads_lxml(*texts) == [f"{text} False" for text in texts]


def test_a_filter_keeps_nothing_of_what_it_saw() -> None:
    """Matching many different stanzas leaves no more memory in use than matching a few."""
    made = Filter("xpath:/c:message/c:body body:o ns:urn:x name:y jid:b.example body~o")

    def match(numbers: range) -> None:
        for i in numbers:
            xml = f"<message><body>o{i}</body><y xmlns='urn:x:{i}'/></message>"
            context = StreamContext(default=f"urn:c{i}", content=f"urn:c{i}")
            address = f"a{i}@b.example/{i}"
            assert made.match(replace(SPOKEN[6], data=xml.encode(), context=context, from_=address))

    match(range(1000))  # what is remembered of stream headers has a bound, and is full by now
    tracemalloc.start()
    sizes = []
    for begin in range(1000, 6000, 1000):
        match(range(begin, begin + 1000))
        gc.collect()
        sizes.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    grown = [after - before for before, after in pairwise(sizes)]

    # What is kept grows every time; anything else grows now and then.
    assert min(grown) < 20 * 1000


def test_the_public_shape() -> None:
    """Other rooms rely on these parameters."""
    arguments: dict[str, Any] = {"created": None, "utc": True}

    assert Filter.from_arguments(("iq", "c2s"), **arguments) == Filter("iq c2s", **arguments)


def test_filter_knows_what_it_looks_at() -> None:
    """Keys alone, or the bytes; what was before, or not."""
    assert Filter("iq type:error size>5 latency:1..").reads_keys_only
    assert not Filter("iq or body:x").reads_keys_only
    assert Filter("latency:1..").follows
    assert not Filter("iq").follows


@pytest.mark.parametrize("text", ["iq", "size:5", "from:a@b", "sm", "n:7", "event", "not message"])
def test_line_of_a_frame_is_judged_like_the_frame(text: str) -> None:
    """Where keys decide, the keys are enough."""
    line = FrameLine(n=7, t=0, conn=1, dir="c2s", kind="iq", type="get", from_="a@b/c", xml="<iq/>")
    frame = FrameRecord(
        n=7, t=0, conn=1, dir="c2s", kind="iq", type="get", from_="a@b/c", data=b"<iq/>"
    )

    assert Filter(text).match_alone(line) is Filter(text).match(frame)


def test_latency_may_be_known_already() -> None:
    """Then nothing is followed."""
    frame = FrameRecord(n=7, t=0, conn=1, dir="s2c", kind="iq", type="result", data=b"<iq/>")

    assert Filter("latency:0.5").match_alone(frame, 0.5)
    assert not Filter("latency:0.5").match_alone(frame)
