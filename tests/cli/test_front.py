import os
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.given import settings
from xmppspy.cli.front import Front
from xmppspy.cli.proxyoptions import ProxySettings
from xmppspy.cli.styles import Styles
from xmppspy.cli.voice import Voice
from xmppspy.errors import CaptureExists
from xmppspy.proxy.clock import Clock


@pytest.fixture
def voice() -> Iterator[tuple[Voice, int]]:
    """A voice, and where it can be heard."""
    reading, writing = os.pipe()
    with closing(Voice(writing)) as speaking:
        yield speaking, reading
    os.close(writing)
    os.close(reading)


def _front(given: ProxySettings, voice: Voice) -> Front:
    return Front(given, Styles(), ("127.0.0.1", 0), None, Path("ca.pem"), Clock(), voice)


def test_is_opened_once_and_said_once(tmp_path: Path, voice: tuple[Voice, int]) -> None:
    """Clients can connect from then on, until its block ends."""
    speaking, reading = voice
    given = settings("-q", "-w", str(tmp_path / "c"), "--control", str(tmp_path / "s"))
    with _front(given, speaking) as front:
        opened = front.open()
        (place,) = opened.doorway.places
        socket.create_connection(place, timeout=20).close()
        again = front.open()
        has_capture, has_control = (tmp_path / "c").exists(), (tmp_path / "s").exists()
    speaking.close()

    assert again is opened
    assert has_capture
    assert has_control
    assert not (tmp_path / "s").exists()
    assert os.read(reading, 10_000).decode().splitlines() == [
        f"control socket {tmp_path / 's'}",
        f"listening on 127.0.0.1:{place[1]}",
    ]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(place, timeout=20)


def test_what_cannot_be_opened_is_not_announced(tmp_path: Path, voice: tuple[Voice, int]) -> None:
    """And nothing of it stays."""
    speaking, reading = voice
    (tmp_path / "c").touch()
    given = settings("-q", "-w", str(tmp_path / "c"), "--control", str(tmp_path / "s"))
    with pytest.raises(CaptureExists), _front(given, speaking) as front:
        front.open()
    speaking.warn("the end")
    speaking.close()

    assert os.read(reading, 10_000) == b"xmppspy: the end\n"
    assert not (tmp_path / "s").exists()


def test_nothing_is_there_before(tmp_path: Path, voice: tuple[Voice, int]) -> None:
    """A front that was never opened leaves nothing."""
    with _front(settings("-w", str(tmp_path / "c")), voice[0]):
        pass

    assert list(tmp_path.iterdir()) == []
