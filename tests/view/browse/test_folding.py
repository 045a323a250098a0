from xmppspy.view.browse.folding import Folding
from xmppspy.view.browse.paper import Line, Part


def part(title: str, *lines: str, folds: dict[int, int] | None = None) -> Part:
    """A part of plain lines."""
    return Part(title, [(("text", line),) for line in lines], folds or {})


WORDS = part("", "what it is")
XML = part("XML", "<iq>", "  <query>", "    <item/>", "    <item/>", "  </query>", "</iq>",
           folds={0: 5, 1: 4})  # fmt: skip


def text(line: Line) -> str:
    """A line without inks."""
    return "".join(piece for _, piece in line)


def seen(folding: Folding) -> list[str]:
    """What is to be seen; rules behind titles are cut."""
    return [text(shown.line).rstrip(" ─") for shown in folding.lines]


def test_everything_is_seen_at_first() -> None:
    """With marks before what can be folded."""
    folding = Folding([WORDS, XML], 20)

    assert seen(folding) == [
        "  what it is", "▾ XML", "▾ <iq>", "▾   <query>", "      <item/>", "      <item/>",
        "    </query>", "  </iq>",
    ]  # fmt: skip


def test_element_is_folded_into_a_line() -> None:
    """With its end, and how much is inside; and unfolded again."""
    folding = Folding([WORDS, XML], 20)
    folding.toggle(3)
    folded = seen(folding)
    folding.toggle(3)

    assert folded[3:] == ["▸   <query>…[2 lines]</query>", "  </iq>"]
    assert len(seen(folding)) == 8


def test_part_is_folded_at_its_title() -> None:
    """Only the title stays."""
    folding = Folding([WORDS, XML, WORDS], 20)
    folding.toggle(1)

    assert seen(folding) == ["  what it is", "▸ XML", "  what it is"]


def test_what_a_line_is_in_is_folded() -> None:
    """The innermost first, then what that is in; the line where it begins is told."""
    folding = Folding([WORDS, XML], 20)
    at = [folding.fold(5)]
    at.append(folding.fold(at[-1]))
    at.append(folding.fold(at[-1]))
    at.append(folding.fold(at[-1]))

    assert at == [3, 2, 1, 1]
    assert seen(folding) == ["  what it is", "▸ XML"]


def test_unfolding_shows_one_level() -> None:
    """What was folded inside stays folded."""
    folding = Folding([WORDS, XML], 20)
    folding.fold(5)
    folding.fold(3)
    folding.unfold(2)

    assert seen(folding)[2:] == ["▾ <iq>", "▸   <query>…[2 lines]</query>", "  </iq>"]


def test_all_that_is_inside_is_folded_at_once() -> None:
    """And everything unfolded at once."""
    folding = Folding([WORDS, XML], 20)
    folding.toggle_all()
    folded = seen(folding)
    folding.toggle_all()

    assert folded[2:] == ["▾ <iq>", "▸   <query>…[2 lines]</query>", "  </iq>"]
    assert len(seen(folding)) == 8


def test_lines_where_nothing_begins_are_left_alone() -> None:
    """Nothing happens there."""
    folding = Folding([WORDS, XML], 20)
    before = seen(folding)
    folding.toggle(4)
    folding.unfold(4)
    folding.toggle(99)
    at = folding.fold(0)

    assert seen(folding) == before
    assert at == 0
    assert Folding([], 20).fold(0) == 0


def test_same_things_stay_folded() -> None:
    """For another width, or when more is known."""
    folding = Folding([WORDS, XML], 20)
    folding.toggle(3)
    again = folding.again([part("", "more words"), XML], 40)

    assert seen(again)[3] == "▸   <query>…[2 lines]</query>"
    assert seen(again.again([WORDS], 20)) == ["  what it is"]


def test_long_lines_are_wrapped_behind_one_mark() -> None:
    """A line that goes on has no mark of its own."""
    folding = Folding([part("XML", "<a b='1' c='2'>", "</a>", folds={0: 1})], 10)

    assert seen(folding) == ["▾ XML", "▾ <a b='1'", "      c='2'>", "  </a>"]
    assert [shown.begins for shown in folding.lines] == [True, True, False, False]
