import re

import pytest

from tests.demo.backstage import frame
from xmppspy.protocol import namespaces as ns
from xmppspy.replay import live_sm as module
from xmppspy.replay.live_sm import ASK_AFTER, LiveSM, h_of

MESSAGES = b"<message id='1'/><message id='2'><body>2</body></message><message id='3'/>"


def _enabled() -> LiveSM:
    sm = LiveSM()
    sm.enable(frame(f"<enable xmlns='{ns.SM}' resume='1'/>"))
    return sm


def test_resumption_is_granted_when_asked_for() -> None:
    """A session has an id only when the client wants to come back."""
    plain, resumable = LiveSM(), LiveSM()
    assert (
        plain.enable(frame(f"<enable xmlns='{ns.SM}'/>")) == f"<enabled xmlns='{ns.SM}'/>".encode()
    )
    answer = resumable.enable(frame(f"<enable xmlns='{ns.SM}' resume='true'/>")).decode()

    assert plain.name is None
    assert re.search(f"id='{resumable.name}' resume='true' max='300'", answer)


def test_second_enable_is_refused() -> None:
    """A session begins to count once."""
    assert b"unexpected-request" in _enabled().begin(ns.SM, resume=True)


def test_counts_begin_when_enabled() -> None:
    """What came before is not counted, nothing is said about it."""
    sm = LiveSM()
    sm.received()
    assert sm.answer() == b""
    assert sm.ask() == b""
    sm.begin(ns.SM, resume=False)
    sm.received()

    assert sm.answer() == f"<a xmlns='{ns.SM}' h='1'/>".encode()


def test_what_is_not_confirmed_is_kept() -> None:
    """An acknowledgement in the middle of what left at once leaves the rest."""
    sm = _enabled()
    sm.sent(MESSAGES, 3)
    sm.sent(b"<iq/>", 1)
    assert sm.confirm(2)

    assert list(sm.unconfirmed()) == [b"<message id='3'/>", b"<iq/>"]
    assert sm.confirm(4)
    assert list(sm.unconfirmed()) == []


def test_too_much_is_not_confirmed() -> None:
    """A count of more than was sent is wrong, and changes nothing."""
    sm = _enabled()
    sm.sent(MESSAGES, 3)

    assert not sm.confirm(4)
    assert sm.confirm(3)


def test_counts_wrap_around() -> None:
    """After 2^32 - 1 comes 0."""
    sm = _enabled()
    sm.handled = 2**32 - 1
    sm.received()

    assert sm.handled == 0


def test_long_silence_is_asked_about() -> None:
    """Now and then an acknowledgement is asked for, whatever was recorded."""
    sm = _enabled()

    assert sm.sent(b"<message/>" * (ASK_AFTER - 1), ASK_AFTER - 1) == b""
    assert sm.sent(b"<message/>", 1) == f"<r xmlns='{ns.SM}'/>".encode()


def test_client_that_never_acknowledges_cannot_resume(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded; the price is the resumption."""
    monkeypatch.setattr(module, "MAX_UNCONFIRMED", 100)
    sm = _enabled()
    sm.sent(b"<message/>" * 20, 20)

    assert sm.name is None
    assert list(sm.unconfirmed()) == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [("h='7'", 7), ("h='-1'", None), ("h='x'", None), ("", None), ("h='99999999999'", None)],
)
def test_h_is_read(written: str, meant: int | None) -> None:
    """What is no number of that range is none."""
    assert h_of(frame(f"<a xmlns='{ns.SM}' {written}/>")) == meant
