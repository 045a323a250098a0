import inspect

import pytest

from xmppspy import errors
from xmppspy.errors import (
    AuthorityError,
    CaptureError,
    CaptureExists,
    ConnectFailed,
    ControlError,
    DemoError,
    FilterError,
    ListenError,
    LookupFailed,
    MalformedXML,
    NotACapture,
    PlaceError,
    RequestRefused,
    RulesError,
    ScriptError,
    ServiceRefused,
    SeveralProxies,
    TemplateError,
    TLSError,
    UnsupportedVersion,
    UpstreamError,
    UsageError,
    XmppspyError,
)

TREE = [
    each
    for _, each in inspect.getmembers(errors, inspect.isclass)
    if each.__module__ == errors.__name__
]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (CaptureError("a.jsonl", "no header", 1), "a.jsonl, line 1: no header"),
        (NotACapture("a.jsonl", "is a picture"), "a.jsonl: is a picture"),
        (UnsupportedVersion("a", "version 2"), "a: version 2"),
        (
            CaptureExists("a.jsonl"),
            "a.jsonl exists already; choose another name with -w, or move it away",
        ),
        (RulesError("a.toml", 0, "it is empty"), "a.toml: it is empty"),
        (ScriptError("a.py", "it is empty"), "a.py: it is empty"),
        (ScriptError("a.py", "NameError: x", 3), "a.py:3: NameError: x"),
        (
            RulesError("a.toml", 3, "there is no action dorp"),
            "a.toml, line 3: there is no action dorp",
        ),
        (TemplateError("ping", "there is no bdy"), "template ping: there is no bdy"),
        (AuthorityError("/ca", "no key"), "certificate authority in /ca: no key"),
        (
            PlaceError("/run/a.sock", "it is no socket"),
            "control socket /run/a.sock: it is no socket; choose another place with --control PATH",
        ),
        (SeveralProxies("say which one"), "say which one"),
        (ControlError("nobody is there"), "nobody is there"),
        (RequestRefused("frame 7 is not held", "not-held"), "frame 7 is not held"),
        (
            ListenError("127.0.0.1:80", "permission denied"),
            "cannot listen on 127.0.0.1:80: permission denied; choose another with -l [HOST:]PORT",
        ),
        (UpstreamError("a.example", "is far"), "a.example: is far"),
        (LookupFailed("a.example", "no answer"), "a.example: no answer"),
        (ServiceRefused("a.example", "no service"), "a.example: no service"),
        (ConnectFailed("a.example:5222", "refused"), "a.example:5222: refused"),
        (DemoError("the port is taken"), "the demo stopped: the port is taken"),
        (TLSError("verify", "self-signed certificate"), "self-signed certificate"),
    ],
)
def test_sentences(error: XmppspyError, sentence: str) -> None:
    """The text of an error is one line, built from its data."""
    assert str(error) == sentence
    assert "\n" not in sentence


def test_filter_error_points_at_its_place() -> None:
    """Below the sentence stand the filter and a mark under the mistake."""
    error = FilterError("iq typ:get", 3, "there is no field typ", "did you mean type?")

    assert str(error).splitlines() == [
        "filter: there is no field typ (did you mean type?)",
        "  iq typ:get",
        "     ^",
    ]


def test_filter_error_without_a_hint() -> None:
    """Where nothing helps, nothing is said about it."""
    assert str(FilterError("(", 1, "a parenthesis is open")).startswith(
        "filter: a parenthesis is open\n"
    )


def test_malformed_xml_shows_its_line() -> None:
    """As much of it as helps, in characters that do a terminal no harm."""
    error = MalformedXML(f"<a>\n<b\x1b>{'x' * 100}<c>{'y' * 100}\n</a>", 108, "<c> is not closed")

    assert str(error).splitlines() == [
        "XML: <c> is not closed",
        f"  {'x' * 48}<c>{'y' * 27}",
        f"  {' ' * 48}^",
    ]
    assert MalformedXML("<b\x1b>", 0, "no").shown == "  <b\ufffd>\n  ^"


@pytest.mark.parametrize(
    ("before", "shown", "columns"),
    [
        ("<body>漢字漢字", "<body>漢字漢字", 14),
        ("<body>e\u0301", "<body>e\u0301", 7),
        ("<a>\n\t<body>漢字", " <body>漢字", 11),
        ("漢" * 40, "漢" * 24, 48),
    ],
)
def test_caret_stands_under_the_place(before: str, shown: str, columns: int) -> None:
    """By columns of a terminal, of which wide characters take two, accents none and tabs one."""
    error = MalformedXML(before + "漢" * 40, len(before), "no")

    assert error.shown == f"  {shown}{'漢' * 15}\n  {' ' * columns}^"


def test_nothing_is_not_shown() -> None:
    """A caret under it would tell nothing."""
    assert str(MalformedXML(" \n", 0, "there is no element")) == "XML: there is no element"


def test_caret_under_a_filter() -> None:
    """Is placed by columns as well."""
    assert str(FilterError("body:漢字 mesage", 8, "unknown word")).endswith(
        "\n  body:漢字 mesage\n            ^"
    )


def test_rules_error_points_at_its_place() -> None:
    """Below the sentence stands what is at fault, when a line alone does not tell."""
    error = RulesError("a.toml", 3, "filter: unknown word iqq", "  iqq\n  ^")

    assert str(error) == "a.toml, line 3: filter: unknown word iqq\n  iqq\n  ^"


def test_refused_request_is_shown() -> None:
    """Below the sentence stands what is at fault; wrong usage has another exit code."""
    error = RequestRefused("not well-formed", "malformed", "  <a\n  ^", 2)

    assert str(error) == "not well-formed\n  <a\n  ^"
    assert (error.exit_code, RequestRefused("no", "not-held").exit_code) == (2, 1)


@pytest.mark.parametrize("error", TREE)
def test_exit_codes(error: type[XmppspyError]) -> None:
    """Wrong usage ends a command with 2, everything else with 1."""
    assert error.exit_code == (2 if issubclass(error, UsageError) else 1)


def test_tree_is_drawn_whole() -> None:
    """Each error stands in the picture at the top of the module, and is of the tree."""
    picture = errors.__doc__ or ""

    assert [each for each in TREE if f" {each.__name__}" not in picture] == []
    assert [each for each in TREE if not issubclass(each, XmppspyError)] == []


def test_errors_are_not_equal_by_their_data() -> None:
    """Two errors that say the same are two errors, and can be kept in sets."""
    assert len({CaptureExists("a"), CaptureExists("a")}) == 2
