"""Write the tables of docs/control.md from the messages: `python -m scripts.control_reference`."""

import ast
import inspect
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import get_args

from xmppspy.control import news, replies, requests, wire

PAGE = Path(__file__).parent.parent / "docs" / "control.md"
BEGIN = "<!-- Made by scripts/control_reference.py from the messages. -->\n"
END = "<!-- The end of what is made. -->\n"

Field = tuple[str, str, str]
"""Its name, its type and default, and what it is."""


def fresh(page: str) -> str:
    """The page with its tables made anew."""
    before, _, rest = page.partition(BEGIN)
    return before + BEGIN + tables() + END + rest.partition(END)[2]


def tables() -> str:
    """All tables, under their headings."""
    return "\n".join(["\n## Commands\n", *_commands(), "## Events\n", *_events(), *_objects(), ""])


def _commands() -> Iterator[str]:
    for name, kind in wire.REQUESTS.items():
        yield f"### `{name}`\n"
        yield f"{_said(kind)} Replies with {_link(kind.reply.__name__)}.\n"
        if fields := _fields(requests, kind.__name__):
            yield _table(fields)


def _events() -> Iterator[str]:
    for kind in get_args(news.AnyNews):
        yield f"### `{kind.__struct_config__.tag}`\n"
        yield f"{_said(kind)}\n"
        yield _table(_fields(news, kind.__name__))


def _objects() -> Iterator[str]:
    yield "## Objects\n"
    for name, kind in vars(replies).items():
        is_object = inspect.isclass(kind) and kind.__module__ == replies.__name__
        if is_object and kind is not replies.Reply:
            yield f"### {name} object\n"
            yield f"{_said(kind)}\n"
            yield _table(_fields(replies, name))


def _said(kind: type) -> str:
    return " ".join((kind.__doc__ or "").split())


def _fields(module: ModuleType, name: str) -> list[Field]:
    """The fields of a class, with the strings that stand under them."""
    tree = ast.parse(inspect.getsource(module))
    body = next(
        node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name
    )
    return [
        (str(field.target.id).rstrip("_"), _type(field), _text(below))
        for field, below in pairwise(body)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if not ast.unparse(field.annotation).startswith("ClassVar")
    ]


def _text(node: ast.stmt) -> str:
    assert isinstance(node, ast.Expr)
    assert isinstance(node.value, ast.Constant)
    return " ".join(str(node.value.value).split()).replace("|", "\\|")


_SPELT = {
    "None": "null", "str": "text", "int": "integer", "float": "number", "bool": "true or false",
    "bytes": "base64", "Which": 'integer or "all"', "Side": '"client" or "server"',
    "Direction": '"c2s" or "s2c"', "replies.Action": '"forward", "drop", "replace" or "duplicate"',
}  # fmt: skip


def _type(field: ast.AnnAssign) -> str:
    text = _spelt(field.annotation)
    if field.value is None:
        return text
    default = ast.unparse(field.value)
    if default in ("None", "False", "{}", "()", "[]", "''"):
        return f"{text.removesuffix(' or null')}, optional"
    return f"{text}; {default.replace(chr(39), chr(34))}"


def _spelt(node: ast.expr) -> str:
    """An annotation in the words of JSON."""
    if isinstance(node, ast.BinOp):
        return f"{_spelt(node.left)} or {_spelt(node.right)}"
    if isinstance(node, ast.Subscript):
        return _spelt_generic(ast.unparse(node.value), node.slice)
    name = ast.unparse(node)
    return _SPELT.get(name) or _link(name.removeprefix("replies."))


def _spelt_generic(name: str, inner: ast.expr) -> str:
    parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    if name == "Literal":
        values = [f'"{ast.literal_eval(part)}"' for part in parts]
        return f"{', '.join(values[:-1])} or {values[-1]}"
    if name == "dict":
        return f"object of {_spelt(parts[1])}s" if _spelt(parts[1]) == "text" else (
            f"object of {_spelt(parts[1])}"
        )  # fmt: skip
    return f"array of {_spelt(parts[0])}"


def _link(name: str) -> str:
    return f"[{name}](#{name.lower()}-object)"


def _table(fields: list[Field]) -> str:
    rows = [("key", "is", ""), ("---", "---", "---")]
    rows += [(f"`{name}`", kind.replace("|", "\\|"), text) for name, kind, text in fields]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in rows)


if __name__ == "__main__":
    PAGE.write_text(fresh(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
