import os
from datetime import UTC, datetime

import pytest

from xmppspy.capture.format import Header
from xmppspy.capture.writer import Writer
from xmppspy.cli.live import LiveView
from xmppspy.protocol.events import FrameRecord, Note


def test_view_shows_what_it_is_given(capfd: pytest.CaptureFixture[str]) -> None:
    """Events written to its sink are printed by the process, in the style asked for."""
    view = LiveView(["--brief", "--color=never"], ["message"])
    header = Header(created=datetime.now(UTC), tool="test", secrets="kept")
    with Writer(header, [view.sink], pytest.fail) as writer:
        for n, kind in enumerate(("presence", "message"), 1):
            data = f"<{kind}/>".encode()
            writer.write(FrameRecord(n=n, t=0.0, conn=1, dir="c2s", kind=kind, data=data))
        writer.write(Note(t=0.0, text="never mind"))
    view.wait()
    shown = capfd.readouterr().out

    assert "C→S message" in shown
    assert "presence" not in shown


def test_view_that_does_not_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting for the view has an end, also when its input stays open."""
    monkeypatch.setattr("xmppspy.cli.live._PATIENCE", 0.01)
    view = LiveView(["--brief"], [])
    view.wait()
    view.sink.close()

    assert view._process.returncode is not None


def test_view_gives_way_to_the_relay() -> None:
    """It works as much as the relay does, and what it shows has been already."""
    view = LiveView(["--brief"], [])
    niceness = os.getpriority(os.PRIO_PROCESS, view._process.pid)
    view.sink.close()
    view.wait()

    assert niceness == min(os.getpriority(os.PRIO_PROCESS, 0) + 10, 19)
