import json

import pytest

from xmppspy.cli.ctl_asking import Asking, given, which
from xmppspy.cli.styles import Styles
from xmppspy.control.replies import Killed, Reply
from xmppspy.errors import UsageError


class Said(Reply, frozen=True, kw_only=True):
    """What somebody said."""

    text: str


def test_numbers_and_all() -> None:
    """What commands take that are about one or all of them."""
    assert which("17", "frame") == 17
    assert which("all", "frame") == "all"


@pytest.mark.parametrize("text", ["", "-1", "x", "1.5", "²", "ALL"])
def test_what_is_neither(text: str) -> None:
    """Is told with what it should be."""
    with pytest.raises(UsageError, match="the number of a frame, or all"):
        which(text, "frame")


def test_given_xml_is_itself() -> None:
    """Only a hyphen means standard input."""
    assert given("<a/>") == "<a/>"


def test_reply_as_json_does_nothing_to_a_terminal(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    """Whatever peers have said."""
    asking = Asking(None, True, Styles())
    asking.show(Said(text="\x1b\u202eé"), lambda _: pytest.fail("in words"))
    asking.as_json = False
    asking.show(Killed(conns=[]), lambda _: "in words\n")
    out = capsysbinary.readouterr().out

    assert json.loads(out.splitlines()[0]) == {"text": "\x1b\u202eé"}
    assert out == b'{"text": "\\u001b\\u202e\\u00e9"}\nin words\n'
