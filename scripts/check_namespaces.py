"""Check the registry's table of namespaces: `python -m scripts.check_namespaces`.

Says what is wrong, a line each, and exits with 1 if anything is.
"""

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final

from xmppspy.analysis import registry

PACKAGE: Final = Path(registry.__file__).parent.parent

_ORIGIN: Final = re.compile(
    r"XEP-[0-9]{4}|RFC [1-9][0-9]{2,3}|draft-[a-z0-9-]+|vendor \S.*"
    r"|(?!XEP|RFC)[A-Z]\S*( [A-Z][\w. ]*)?"
)
_MARKS: Final = ("deprecated", "superseded")
_MOST_CELLS: Final = 5
_HOST: Final = re.compile(r"https?://[^/]*/?")
_FAMILY: Final = re.compile(r"(urn:xmpp:.+):[0-9]{1,3}")
_IN_CODE: Final = re.compile(
    r"(?:urn:xmpp:|urn:ietf:params:xml:ns:|https?://(?:www\.)?jabber\.org/|http://etherx\.jabber\.org/"
    r"|https://xmpp\.org/extensions/|jabber:|eu\.siacs\.conversations\.|storage:|vcard-temp)"
    r"(?:[\w:/#-]|[.+](?=\w))*"
)
"""What looks like a namespace in a text of the code."""


def problems() -> Iterator[str]:
    """What is wrong with the table, and with the code's use of it."""
    yield from _wrong_lines()
    yield from _wrong_order()
    yield from _unclear_families()
    yield from _unknown_in_code()


def _wrong_lines() -> Iterator[str]:
    for cells in registry.rows():
        line = "\t".join(cells)
        if not 3 <= len(cells) <= _MOST_CELLS or any(
            not cell or cell != cell.strip() for cell in cells
        ):
            yield f"not three to five cells: {line!r}"
            continue
        namespace, origin, _, *marks = cells
        if re.search(r"\s", namespace) or "*" in namespace[:-1]:
            yield f"not a namespace: {namespace!r}"
        if not _ORIGIN.fullmatch(origin):
            yield f"{namespace}: not a specification: {origin!r}"
        if marks:
            yield from _wrong_marks(namespace, *marks)


def _wrong_marks(namespace: str, mark: str, instead: str = "") -> Iterator[str]:
    if mark not in _MARKS:
        yield f"{namespace}: neither {' nor '.join(_MARKS)}: {mark!r}"
    if mark == "superseded" and not instead:
        yield f"{namespace}: superseded, but by what?"
    if not instead or registry.identifier(instead):
        return
    known, successor = registry.lookup(namespace), registry.lookup(instead)
    if successor is None or successor.deprecated:
        yield f"{namespace}: use {instead} instead? that is not in use either"
    elif mark == "superseded" and known is not None and known.id != successor.id:
        yield f"{namespace}: superseded by {instead}, which is of {successor.id}"


def _wrong_order() -> Iterator[str]:
    namespaces = [cells[0] for cells in registry.rows()]
    for one, other in pairwise(namespaces):
        if one > other:
            yield f"not sorted: {other} behind {one}"
    yield from (f"twice: {name}" for name, count in Counter(namespaces).items() if count > 1)


def _unclear_families() -> Iterator[str]:
    """Versions of one namespace that differ in their specification; another could not be told."""
    origins: dict[str, set[str]] = {}
    for namespace, origin, *_ in registry.rows():
        match = _FAMILY.fullmatch(namespace)
        origins.setdefault(match[1] if match else namespace, set()).add(origin)
    for stem, found in origins.items():
        if len(found) > 1:
            yield f"{stem}: versions of it are of {' and '.join(sorted(found))}"


def _unknown_in_code() -> Iterator[str]:
    listed = [cells[0] for cells in registry.rows()]
    for path in sorted(PACKAGE.rglob("*.py")):
        for namespace in sorted(_namespaces_in(path)):
            if registry.lookup(namespace) is None and not _begins_some(namespace, listed):
                yield f"{path.relative_to(PACKAGE.parent)}: {namespace} is not in the table"


def _begins_some(namespace: str, listed: list[str]) -> bool:
    """Whether a text of the code may stand for a namespace in any version."""
    if _HOST.fullmatch(namespace):
        return True
    start = namespace if namespace.endswith((":", "/", "#")) else namespace + ":"
    return any(each.startswith(start) for each in listed)


def _namespaces_in(path: Path) -> set[str]:
    """The namespaces in the texts of a module, its docstrings left out."""
    tree = ast.parse(path.read_text())
    prose = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return {
        found
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose
        for found in _IN_CODE.findall(node.value)
    }


if __name__ == "__main__":
    FOUND = list(problems())
    print("\n".join(FOUND) or f"{len(registry.rows())} lines, nothing wrong")
    sys.exit(bool(FOUND))
