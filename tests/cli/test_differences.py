import json

from tests.replay.talks import ROSTER, TALK, login, parts, with_change
from xmppspy.cli.differences import as_line, told
from xmppspy.replay.compare import compare
from xmppspy.replay.difference import Difference
from xmppspy.view.ink import Ink, Palette
from xmppspy.view.look import Look


def only(expected: list[str], got: list[str]) -> Difference:
    """The one difference of two captures."""
    (found,) = compare(parts(expected), parts(got)).differences
    return found


def test_a_title_tells_what_is_missing() -> None:
    """The account, the direction, what it is, whom it is from, and where it stands."""
    title, *_ = told(only(TALK, [*TALK[:13], *TALK[14:]]), Look()).splitlines()

    assert title == (
        "missing · romeo@capulet.example · S→C presence available "
        "from juliet@capulet.example/balcony · frame 14 of A"
    )


def test_an_answer_that_comes_unexpected_is_told_with_its_request() -> None:
    """Its own frame is of the other capture."""
    lines = [*login(), *ROSTER]
    title, *_ = told(only(lines[:-1], lines), Look()).splitlines()

    assert title.startswith("extra · romeo@capulet.example · S→C iq result roster 2 items")
    assert title.endswith(" · answers iq get roster · frame 12 of B")


def test_each_kind_has_its_ink() -> None:
    """Missing is red, extra green, changed the colour of changes."""
    palette = Palette(error=Ink("<m>"), value=Ink("<e>"), change=Ink("<c>"))
    shorter = [*TALK[:13], *TALK[14:]]
    shown = [
        told(found, Look(palette=palette))
        for found in (
            only(TALK, shorter),
            only(shorter, TALK),
            only(TALK, with_change(TALK, "both", "to")),
        )
    ]

    assert [text.partition(" ")[0] for text in shown] == ["<m>missing", "<e>extra", "<c>changed"]


def test_json_of_a_missing_frame() -> None:
    """What is not there is null."""
    line = json.loads(as_line(only(TALK, [*TALK[:13], *TALK[14:]])))

    assert (line["difference"], line["got"], line["request"]) == ("missing", None, None)
    assert line["expected"]["dir"] == "s2c"
    assert line["after"] == []
