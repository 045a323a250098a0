import tomllib
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xmppspy.intervene.lines import Lines

TEXT = '''\
# rules
title = "[[rule]]"

[[rule]]  # [[rule]]
name = "a # b"
filter = """
[[rule]]
name = \\""""
"actions" = [ # first
  "drop", {delay = 2, x = [1, 2]},

  {note = "a, b"}, # "drop",
  """
"close",
""",
]

 [[ "rule" ]]
actions = ["drop",
'dup', ['x',
'y']]
every = 3
[other]
every = 4
[[rule]]
actions = "drop"'''


def test_keys_and_items_are_found() -> None:
    """Strings, comments and nested values mislead nobody."""
    lines = Lines(TEXT)
    tomllib.loads(TEXT)

    assert [lines.of_rule(number) for number in range(4)] == [4, 18, 25, 1]
    assert [lines.of_key(key, 0) for key in ("name", "filter", "actions", "every")] == [5, 6, 9, 4]
    assert [lines.of_item(0, "actions", number) for number in range(5)] == [10, 10, 12, 13, 9]
    assert [lines.of_item(1, "actions", number) for number in range(3)] == [19, 20, 20]
    assert [lines.of_key(key, 1) for key in ("every", "name")] == [22, 18]
    assert lines.of_item(2, "actions", 0) == 26
    assert [lines.of_key(key) for key in ("title", "other", "none")] == [2, 23, 1]


def test_rules_may_be_written_as_one_array() -> None:
    """Then each is an item of it."""
    lines = Lines('rule = [\n  {filter = "iq", actions = ["drop"]},\n  {filter = "a"},\n]\n')

    assert [lines.of_rule(number) for number in range(3)] == [2, 3, 1]
    assert lines.of_key("filter", 1) == 3
    assert lines.of_item(1, "actions", 0) == 3


_SCALARS = ['"a"', "'#'", "1", '"""\n]\n"""', "{x = 1, y = [1,\n2]}", "[\n[1], 2]", "true"]


@st.composite
def _written(draw: st.DrawFn) -> tuple[str, list[list[int]]]:
    """Rules with arrays, and the lines on which the items begin."""
    text, places = "", []
    for _ in range(draw(st.integers(1, 3))):
        text += draw(st.sampled_from(["", "# x\n", "\n"])) + "[[rule]]\nactions = ["
        items = []
        for _ in range(draw(st.integers(0, 4))):
            text += draw(st.sampled_from(["", " ", "\n", " # ]\n", "\n\n"]))
            items.append(text.count("\n") + 1)
            text += draw(st.sampled_from(_SCALARS)) + draw(st.sampled_from([",", "\n,", " ,"]))
        text += draw(st.sampled_from(["", "\n"])) + "]" + draw(st.sampled_from(["\n", " # [\n"]))
        places.append(items)
    return text, places


@given(_written())
def test_every_item_is_found(written: tuple[str, list[list[int]]]) -> None:
    """However it is laid out."""
    text, places = written
    tomllib.loads(text)
    lines = Lines(text)

    for rule, items in enumerate(places):
        assert [
            lines.of_item(rule, "actions", i) for i, _ in zip(count(), items, strict=False)
        ] == items


@given(st.text(alphabet="[]{}\"'=,#\nrule\\ 1", max_size=60))
def test_no_text_is_too_strange(text: str) -> None:
    """Also what is no TOML has lines, and not more than it has."""
    lines = Lines(text)

    assert 1 <= lines.of_key("rule") <= text.count("\n") + 1
    assert 1 <= lines.of_item(0, "r", 0) <= text.count("\n") + 1


@pytest.mark.parametrize("text", ["", "\n", "# x", "x"])
def test_what_is_empty_begins_on_its_first_line(text: str) -> None:
    """There is no other."""
    assert Lines(text).of_key("x") == Lines(text).of_rule(0) == 1
