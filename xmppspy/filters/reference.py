"""The reference of the language, made from its atoms: for the terminal, and for the manual."""

import textwrap
from collections.abc import Iterable, Iterator
from typing import Final

from xmppspy.filters.vocabulary import FIELDS
from xmppspy.filters.words import CLASSES, DIRECTIONS, KINDS
from xmppspy.filters.xpath_syntax import CONTENT_PREFIX, PREFIXES

WIDTH: Final = 80

BEGIN: Final = "<!-- made by scripts/update_filter_tables.py, do not edit -->"
END: Final = "<!-- end of what is made -->"

COMBINING: Final = (
    ("iq c2s", "both; also: iq and c2s, iq & c2s"),
    ("iq or presence", "one of them; also: iq | presence"),
    ("not iq", "the opposite; also: ! iq"),
    ("(iq or message) c2s", "not binds tightest, then and, then or"),
)

OPERATORS: Final = (
    ("type:get", "equal; an address, namespace or text as its field says"),
    ("from=romeo@example.net", "exactly this"),
    ("body~Rom[eè]o", "a regular expression, Python's re.search"),
    ("size:1000..2000", "ends included; also size:1000.. and size:..2000"),
    ("size>1000", "larger; size<1000 is smaller"),
    ('body:"art thou"', "spaces and parentheses are quoted, with \" or with '"),
)

EXAMPLES: Final = (
    ("message from:juliet@example.org", "messages of Juliet, from any device"),
    ("iq type:error or presence", "iq errors, and all presence"),
    ("not kind:space not ns:urn:xmpp:sm", "no keepalives, no acknowledgements"),
    ("iq latency:0.5..", "answers that took half a second or more"),
    ("error time:07:40..07:45", "what went wrong in these minutes"),
    ("message size:10000..", "large messages"),
    ("'body~wherefore|art'", "a regex on message texts"),
    ("\"xpath://c:body[contains(., 'Romeo')]\"", "an XPath"),
)
"""Filters as they are typed in a shell, and what they show."""

_KINDS: Final = " ".join(word.name for word in KINDS)
_OTHER_KINDS: Final = "Any other element by kind:NAME, what is no element by kind:space and so on."
_CONTENT: Final = "the stanza's content namespace, jabber:client or another"


def text() -> str:
    """The reference for a terminal of 80 columns."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "A filter says which lines of a capture are meant; an empty one means all."
    yield "It is one argument or several; quote what the shell would take for itself."
    yield from _table("Combining", COMBINING, 24)
    yield from _table("Comparing", OPERATORS, 24)
    yield from ("", "Kinds, the local name of an element")
    yield from _wrapped(_KINDS, "  ")
    yield from _wrapped(_OTHER_KINDS, "  ")
    yield from _table("Directions", ((word.name, word.help) for word in DIRECTIONS), 10)
    classes = ((word.name, word.help) for word in CLASSES)
    yield from _table("Classes, which win over kinds of the same name", classes, 10)
    yield from ("", "Fields, with the operators they take")
    for field in FIELDS.values():
        yield from _row(f"{field.name:8}{' '.join(field.operators)}", field.help, 18)
        yield f"{'':20}{field.example}"
    prefixes = ((CONTENT_PREFIX, _CONTENT), *PREFIXES.items())
    yield from _table("Prefixes in an xpath", prefixes, 14)
    yield from _table("Examples, as typed in a shell", EXAMPLES, 42)


def _table(title: str, rows: Iterable[tuple[str, str]], width: int) -> Iterator[str]:
    yield from ("", title)
    for left, right in rows:
        yield from _row(left, right, width)


def _row(left: str, right: str, width: int) -> Iterator[str]:
    return _wrapped(right, " " * (width + 2), f"  {left:{width}}")


def _wrapped(words: str, indent: str, first: str | None = None) -> Iterator[str]:
    return iter(
        textwrap.wrap(
            words,
            WIDTH,
            initial_indent=indent if first is None else first,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
    )


def markdown() -> str:
    """The tables of the manual."""
    fields = (
        (_code(field.name), " ".join(map(_code, field.operators)), field.help, _code(field.example))
        for field in FIELDS.values()
    )
    kinds = ", ".join(_code(word.name) for word in KINDS)
    parts = (
        "### Words",
        f"Kinds, the local name of an element: {kinds}. {_OTHER_KINDS}",
        _markdown_table(("word", "matches"), _code_first(_words())),
        "### Fields",
        _markdown_table(("field", "operators", "looks at", "example"), fields),
        "### Prefixes in an XPath",
        _markdown_table(
            ("prefix", "namespace"), _code_first(((CONTENT_PREFIX, _CONTENT), *PREFIXES.items()))
        ),
    )
    return "\n\n".join(parts) + "\n"


def updated(manual: str) -> str:
    """The manual's text with the tables between its two marks made anew."""
    before, _, rest = manual.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{markdown()}\n{END}{after}"


def _words() -> Iterator[tuple[str, str]]:
    return ((word.name, word.help) for word in (*DIRECTIONS, *CLASSES))


def _code(piece: str) -> str:
    return f"`{piece}`"


def _code_first(rows: Iterable[tuple[str, str]]) -> Iterator[tuple[str, ...]]:
    return ((_code(left), right) for left, right in rows)


def _markdown_table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = (head, ("---",) * len(head), *rows)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
