import pytest

from tests.demo.backstage import frame
from xmppspy.protocol import namespaces as ns
from xmppspy.replay.client_sm import ClientSM


def _enabled() -> ClientSM:
    sm = ClientSM()
    sm.counted()
    sm.received()
    sm.enable(ns.SM)
    sm.counted()
    sm.received()
    sm.take(frame(f"<enabled xmlns='{ns.SM}'/>"))
    sm.received()
    return sm


def test_each_side_counts_from_its_own_word() -> None:
    """What is sent behind `<enable/>` counts, and what comes behind `<enabled/>` (XEP-0198 §3)."""
    sm = _enabled()

    assert (sm.sent, sm.handled) == (1, 1)


def test_request_is_answered_with_what_came() -> None:
    """`<r/>` is answered by the count of today."""
    answer, wrong = _enabled().take(frame(f"<r xmlns='{ns.SM}'/>"))

    assert (answer, wrong) == (f"<a xmlns='{ns.SM}' h='1'/>".encode(), "")


def test_nothing_is_said_without_management() -> None:
    """Neither a request nor an acknowledgement leaves before the server has agreed."""
    sm = ClientSM()
    sm.enable(ns.SM)

    assert (sm.ask(), sm.acknowledge()) == (b"", b"")


def test_answers_are_waited_for() -> None:
    """`<enable/>` and `<r/>` are unanswered until something comes."""
    sm = _enabled()
    sm.ask()
    waited = sm.unanswered
    sm.take(frame(f"<a xmlns='{ns.SM}' h='1'/>"))

    assert (waited, sm.unanswered) == (1, 0)


@pytest.mark.parametrize(("h", "wrong"), [("1", ""), ("0", ""), ("2", "2 stanzas"), ("x", "how")])
def test_impossible_counts_are_told(h: str, wrong: str) -> None:
    """The server cannot have got more than was sent, nor something that is no number."""
    _, told = _enabled().take(frame(f"<a xmlns='{ns.SM}' h='{h}'/>"))

    assert wrong in told
    assert bool(wrong) == bool(told)


def test_refusal_is_told() -> None:
    """A server that offers management and then does not enable it is told of, and not counted."""
    sm = ClientSM()
    sm.enable(ns.SM)
    _, told = sm.take(frame(f"<failed xmlns='{ns.SM}'/>"))
    sm.counted()

    assert "did not enable" in told
    assert (sm.sent, sm.enabled) == (0, False)
