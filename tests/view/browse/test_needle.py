import re

import pytest

from tests.view.samples import frame
from xmppspy.capture.format import FrameLine
from xmppspy.protocol.events import Fault, Mark
from xmppspy.view.browse.messages import Needle
from xmppspy.view.browse.needle import holding, pattern

MESSAGE = frame("<message><body>Wherefore (art) thou</body></message>")


@pytest.mark.parametrize(
    ("needle", "expected"),
    [
        (Needle("wherefore"), True),
        (Needle("wherefore", is_exact=True), False),
        (Needle("(art)"), True),
        (Needle("w.*f"), False),
        (Needle("W.*f", is_regex=True, is_exact=True), True),
        (Needle("juliet"), False),
    ],
)
def test_text_of_frames_is_searched(needle: Needle, expected: bool) -> None:
    """As it was sent, capitals as wanted, a regular expression only where one is meant."""
    assert holding(needle)(MESSAGE) is expected


def test_keys_are_enough() -> None:
    """The line of a frame holds its text, too."""
    line = FrameLine(kind="message", xml="<message><body>Romeo</body></message>")

    assert holding(Needle("romeo"))(line)
    assert holding(Needle("\xff"))(FrameLine(kind="opaque", b64=b"\xff")) is False


def test_events_are_searched_in_words() -> None:
    """By what is said of them."""
    fault = Fault(t=0, error="not-well-formed", detail="</a> closes nothing")

    assert holding(Needle("closes nothing"))(fault)
    assert holding(Needle("mark: "))(Mark(t=0, text="x")) is False
    assert holding(Needle("mark x"))(Mark(t=0, text="x"))


def test_wrong_regular_expression_is_told() -> None:
    """Whoever asks for it has to know."""
    with pytest.raises(re.error):
        pattern(Needle("(", is_regex=True))
