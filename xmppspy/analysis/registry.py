"""Which specification a namespace comes from: XEPs, RFCs and others, from a packaged table.

`namespaces.tsv` has a line for each namespace: the namespace, the specification, its title; where
the namespace is not to be used any longer, also `deprecated` (the specification is obsolete,
deprecated, retracted or rejected) or `superseded` (by another version or namespace of the same
specification), and, if there is one, the namespace or specification to use instead. A namespace
that ends in `*` stands for all that begin so. `scripts/check_namespaces.py` checks the table.

A namespace without a line is known by its family: another version of one that has a line
(`urn:xmpp:mam:3`), a part of one (`http://jabber.org/protocol/pubsub#retrieve-items`,
`urn:xmpp:omemo:2:bundles`), a wish to be notified (`…+notify`, XEP-0060), a XEP's own address.
"""

import pkgutil
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final, Literal, NamedTuple, TypeAlias, cast

TABLE: Final = "namespaces.tsv"
"""The name of the packaged table."""

Status: TypeAlias = Literal["current", "deprecated", "superseded"]

_XEP: Final = "XEP-"
_VENDOR: Final = "vendor "
_MANY_TOPICS: Final = "XMPP: "
"""How the titles of the core specifications begin, which say nothing about a namespace."""

_VERSION: Final = re.compile(r"(urn:xmpp:.+):([0-9]{1,3})")
_PART: Final = re.compile(r"(urn:xmpp:.+:[0-9]{1,3}):.")
_ADDRESS: Final = re.compile(
    r"https?://(?:www\.)?(?:xmpp|jabber)\.org/(?:extensions|jeps)/[xj]ep-([0-9]{4})\b"
)
_WRITTEN: Final = re.compile(r"(?:(xep|rfc)[ \-]?)?([0-9]{1,4})", re.IGNORECASE)
_COMMON_START: Final = re.compile(
    r"(?:https?://(?:www\.)?jabber\.org/(?:protocol|features)/|http://etherx\.jabber\.org/"
    r"|jabber:(?:iq:|x:)?|urn:xmpp:|urn:ietf:params:xml:ns:(?:xmpp-)?|eu\.siacs\.conversations\.)"
    r"(?=.)"
)


class Specification(NamedTuple):
    """What defines a namespace."""

    id: str
    """`XEP-0313`, `RFC 6121`, `W3C SOAP`; empty where a vendor defines it."""
    title: str
    status: Status = "current"
    """Of the namespace in it."""
    instead: str = ""
    """The namespace or the specification to use instead; empty when the table names none."""

    @property
    def number(self) -> int | None:
        """The number of a XEP; None for what is none."""
        return int(self.id.removeprefix(_XEP)) if self.id.startswith(_XEP) else None

    @property
    def deprecated(self) -> bool:
        """Whether the namespace is not to be used any longer."""
        return self.status != "current"


class _Table(NamedTuple):
    exact: Mapping[str, Specification]
    starts: Mapping[str, Specification]
    """What lines ending in `*` say, by what comes before it."""
    versions: Mapping[str, tuple[int, Specification]]
    """The newest version of each namespace that has numbered ones, by what comes before it."""
    by_id: Mapping[str, Specification]


def rows() -> list[list[str]]:
    """The table as it is: lists of three to five cells."""
    data = pkgutil.get_data(__name__, TABLE)
    assert data is not None  # noqa: S101 - it is packaged beside this module
    return [line.split("\t") for line in data.decode().splitlines()]


@cache
def _table() -> _Table:
    exact, starts = {}, {}
    for namespace, origin, title, *marks in rows():
        known = _specification(origin, title, *marks)
        if namespace.endswith("*"):
            starts[namespace[:-1]] = known
        else:
            exact[namespace] = known
    by_id = {known.id: known for known in exact.values() if known.id}
    return _Table(exact, starts, _newest(exact), by_id)


def _specification(
    origin: str, title: str, status: str = "current", instead: str = ""
) -> Specification:
    identifier = "" if origin.startswith(_VENDOR) else origin
    return Specification(identifier, title, cast("Status", status), instead)


def _newest(exact: Mapping[str, Specification]) -> dict[str, tuple[int, Specification]]:
    found: dict[str, tuple[int, Specification]] = {}
    for namespace, known in exact.items():
        match = _VERSION.fullmatch(namespace)
        if match is None or known.status == "superseded":
            continue
        stem, number = match[1], int(match[2])
        if stem not in found or found[stem][0] < number:
            found[stem] = (number, known)
    return found


def lookup(namespace: str) -> Specification | None:
    """What defines the namespace; None when that is not known."""
    table = _table()
    known = table.exact.get(namespace)
    return known if known is not None else _related(namespace, table)


def _related(namespace: str, table: _Table) -> Specification | None:
    for whole in _wholes(namespace):
        if known := table.exact.get(whole) or _other_version(whole, table):
            return known
    if match := _ADDRESS.match(namespace):
        return _titled(_XEP + match[1], table)
    for start, known in table.starts.items():
        if namespace.startswith(start):
            return known._replace(title=f"{known.title} {namespace}")
    return None


def _wholes(namespace: str) -> Iterator[str]:
    """The namespaces that this one may be a part of, the longest first."""
    whole = namespace.removesuffix("+notify")
    yield whole
    base, mark, _ = whole.partition("#")
    if mark:
        yield base + mark
        yield base
    if match := _PART.match(base):
        yield match[1]


def _other_version(namespace: str, table: _Table) -> Specification | None:
    match = _VERSION.fullmatch(namespace)
    if match is None:
        return None
    stem, number = match[1], int(match[2])
    if stem not in table.versions:
        return table.exact.get(stem)
    newest, known = table.versions[stem]
    if number >= newest or known.deprecated:
        return known
    return known._replace(status="superseded", instead=f"{stem}:{newest}")


def _titled(identifier: str, table: _Table) -> Specification:
    known = table.by_id.get(identifier)
    if known is None:
        return Specification(identifier, identifier)
    status: Status = "deprecated" if known.status == "deprecated" else "current"
    return Specification(identifier, known.title, status)


def label(namespace: str) -> str:
    """The namespace for a heading: `Message Archive Management (XEP-0313)`, `roster (RFC 6121)`.

    What is not to be used any longer is marked. A namespace that is not known is its own label,
    exactly as it came from the wire.
    """
    known = lookup(namespace)
    if known is None:
        return namespace
    name = short(namespace) if known.title.startswith(_MANY_TOPICS) else known.title
    if name == known.id:
        name = short(namespace)
    remarks = {"current": "", "deprecated": "deprecated", "superseded": "old version"}
    inside = ", ".join(filter(None, (known.id, remarks[known.status])))
    return f"{name} ({inside})" if inside else name


def short(namespace: str) -> str:
    """The namespace without the beginning that many have: `roster`, `disco#info`, `mam:2`."""
    match = _COMMON_START.match(namespace)
    return namespace[match.end() :] if match else namespace


def identifier(text: str) -> str | None:
    """A specification as a person writes it: `313`, `0313`, `XEP-0313`, `RFC6121`.

    The `id` of a `Specification`; None when the text names none.
    """
    match = _WRITTEN.fullmatch(text)
    if match is None:
        return None
    kind, number = (match[1] or "xep").upper(), int(match[2])
    return f"RFC {number}" if kind == "RFC" else f"{_XEP}{number:04}"


def specifications() -> Mapping[str, str]:
    """The titles of all specifications of the table, by their `id`."""
    return {known.id: known.title for known in sorted(_table().by_id.values(), key=_by_id)}


def _by_id(known: Specification) -> str:
    return known.id


def traces(identifier: str) -> tuple[str, ...]:
    """Texts of which each namespace of the specification contains one; for a quick search."""
    table = _table()
    found = {
        _VERSION.sub(r"\1", namespace)
        for lines in (table.exact, table.starts)
        for namespace, known in lines.items()
        if known.id == identifier
    }
    if identifier.startswith(_XEP):
        number = identifier.removeprefix(_XEP)
        found |= {f"xep-{number}", f"jep-{number}"}
    return tuple(sorted(found))
