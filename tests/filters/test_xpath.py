import pytest

from tests.filters.samples import COMPONENT, EVENTS, OPAQUE, SPOKEN, cut, frame
from xmppspy.errors import FilterError
from xmppspy.filters import Filter
from xmppspy.filters.atoms import BadValueError
from xmppspy.filters.xpath import compile_xpath, truth
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.events import FrameRecord

MESSAGE = frame(
    "<message type='chat' xml:lang='en'><body>Romeo</body><x xmlns='jabber:x:data'/></message>"
)


@pytest.mark.parametrize(
    "xpath",
    [
        "//c:body",
        "/c:message",
        "/c:message/c:body",
        "c:body",
        "self::c:message",
        "@type='chat'",
        "/*/@type",
        "@xml:lang",
        "lang('en')",
        "//c:body[contains(., 'Romeo')]",
        "//x:x",
        "count(//c:*) = 2",
        "//client:body",
        "'text'",
        "-1",
        "0.5",
        "not(//c:subject)",
        "//*[namespace-uri()='jabber:x:data']",
        "string(c:body)",
    ],
)
def test_what_holds(xpath: str) -> None:
    """By XPath's boolean(): a node, a text, a number that is not zero, or true."""
    assert Filter(f'xpath:"{xpath}"').match(MESSAGE)


@pytest.mark.parametrize(
    "xpath",
    [
        "//body",
        "/c:body",
        "//c:subject",
        "//c:x",
        "''",
        "0",
        "0 div 0",
        "false()",
        "@id",
        "c:body=''",
    ],
)
def test_what_does_not_hold(xpath: str) -> None:
    """No node, the empty text, zero, not-a-number, or false."""
    assert not Filter(f'xpath:"{xpath}"').match(MESSAGE)


def test_truth_is_boolean_of_xpath() -> None:
    """What Python calls true differs for one number only."""
    assert [truth(result) for result in (True, False, 1.0, -0.0, float("nan"), "x", "", [0], [])] == [
        True, False, True, False, False, True, False, True, False
    ]  # fmt: skip


@pytest.mark.parametrize("namespace", [b"jabber:server", b"jabber:component:accept", b"urn:mine"])
def test_c_is_the_content_namespace_whichever_it_is(namespace: bytes) -> None:
    """The same filter finds the bodies of every stream."""
    made = Filter("xpath:/c:message/c:body")
    header = COMPONENT.replace(b"jabber:component:accept", namespace)

    assert made.match(frame("<message><body/></message>", header))
    assert made.match(MESSAGE)
    assert not made.match(frame("<message xmlns='urn:other'><body/></message>", header))


def test_any_number_of_content_namespaces() -> None:
    """A peer that invents one for each stream is still read."""
    made = Filter("xpath:c:body")

    for i in range(50):
        header = COMPONENT.replace(b"jabber:component:accept", b"urn:%d" % i)
        assert made.match(frame("<message><body/></message>", header))


def test_an_impossible_content_namespace_does_no_harm() -> None:
    """No document can have it, so nothing matches, and nothing fails."""
    for content in ("", "\x00", "\ud800"):
        context = StreamContext(default="", content=content)
        record = FrameRecord(
            n=1, t=0, conn=1, dir="c2s", kind="a", data=b"<a><b/></a>", context=context
        )

        assert not Filter("xpath:c:b").match(record)


def test_a_header_is_asked_too() -> None:
    """Its attributes can be looked for."""
    assert Filter("xpath:/stream:stream[@version]").match(SPOKEN[0])


def test_what_has_no_tree_never_matches() -> None:
    """White space, unframed bytes, end tags and events; not even by `true()`."""
    made = Filter("xpath:true()")

    assert not any(map(made.match, (*EVENTS, OPAQUE, frame(" "), cut(b" ")[0])))


@pytest.mark.parametrize(
    ("xpath", "position"),
    [
        ("//c:body[", 9),
        ("", 0),
        ("//", 2),
        ("count('x')", 0),
        ("'a'/c:b", 0),
        ("c:a c:b", 4),
        ("\x01", 0),
        ("'\x00'", 0),
        ("'ü'[", 4),
    ],
)
def test_a_wrong_xpath_is_refused(xpath: str, position: int) -> None:
    """When the filter is made, with the place where libxml2 gave up, if it tells."""
    with pytest.raises(BadValueError, match="xpath: ") as caught:
        compile_xpath(":", xpath)

    assert caught.value.position == position


def test_a_wrong_name_is_refused_though_no_stanza_would_have_met_it() -> None:
    """Neither unknown prefixes and functions nor wrong numbers of arguments wait for traffic."""
    for xpath in ("//c:nothing/q:x", "//c:nothing[nothing()]", "//c:nothing[contains(.)]"):
        with pytest.raises(FilterError):
            Filter(f"xpath:{xpath}")


def test_a_mistake_that_only_some_stanza_shows_is_no_match() -> None:
    """A wrong type behind a step that was never taken stops nothing when it is taken."""
    made = Filter("xpath:\"//c:subject[count('x')]\" or c2s")

    assert made.match(frame("<message><subject/></message>"))
    assert not made.match(frame("<message><subject/></message>", dir_="s2c"))


def test_path_from_a_root_reads_unfinished_frames_too() -> None:
    """What its name would rule out is ruled out unread; what has no name of its own is read."""
    wanted = Filter("xpath:/c:message[c:body]")
    whole, other, partial = (
        FrameRecord(n=1, t=0, conn=1, dir="c2s", kind=kind, data=data)
        for kind, data in (
            ("message", b"<message><body>a</body></message>"),
            ("iq", b"<message><body>a</body></message>"),
            ("partial", b"<message><body>a</body>"),
        )
    )

    assert [wanted.match(each) for each in (whole, other, partial)] == [True, False, True]
