from pathlib import Path

import pytest

from xmppspy.capture.reader import Reader
from xmppspy.cli.recording import Outlets, default_path
from xmppspy.errors import CaptureExists, UsageError
from xmppspy.protocol.events import FrameRecord, Note
from xmppspy.proxy.clock import Clock

AUTH = b"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGEAc3dvcmRmaXNo</auth>"


@pytest.mark.parametrize("keeps", [False, True])
def test_events_are_recorded(tmp_path: Path, keeps: bool) -> None:
    """With their secrets masked, unless they are to be kept; the header says which."""
    path = tmp_path / "a.xmpp.jsonl"
    outlets = Outlets(path, lambda: None)
    with outlets.recording(Clock(), pytest.fail, keep_secrets=keeps) as write:
        write(FrameRecord(n=1, t=0.0, conn=1, dir="c2s", kind="auth", data=AUTH,
                          xmlns="urn:ietf:params:xml:ns:xmpp-sasl"))  # fmt: skip
    with Reader(path) as reader:
        (frame,) = reader

    assert isinstance(frame, FrameRecord)
    assert (frame.data == AUTH) == keeps
    assert reader.header is not None
    assert reader.header.secrets == ("kept" if keeps else "redacted")


def test_nothing_has_to_be_recorded() -> None:
    """Neither a file nor a view: what happens is taken all the same."""
    outlets = Outlets(None, lambda: None)
    with outlets.recording(Clock(), pytest.fail, keep_secrets=False) as write:
        write(Note(t=0.0, text="never mind"))


def test_no_view_begins_where_a_file_is_in_the_way(tmp_path: Path) -> None:
    """A capture is never overwritten."""
    path = tmp_path / "a.xmpp.jsonl"
    path.touch()

    with pytest.raises(CaptureExists):
        Outlets(path, lambda: pytest.fail("a view"))


@pytest.mark.parametrize(
    ("upstream", "name"),
    [
        ("example.org", "example.org"),
        ("xmpps://localhost:5223", "localhost-5223"),
        ("[::1]:5222", "1-5222"),
    ],
)
def test_default_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, upstream: str, name: str
) -> None:
    """In a folder of its own, by the time and the server."""
    monkeypatch.chdir(tmp_path)
    clock = Clock()
    path = default_path(upstream, clock)

    assert path == Path("captures", f"{clock.created:%Y%m%dT%H%M%SZ}-{name}.xmpp.jsonl")
    assert (tmp_path / "captures").stat().st_mode & 0o777 == 0o700


def test_folder_that_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is told, with what to do."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "captures").touch()

    with pytest.raises(UsageError, match="-w FILE"):
        default_path("example.org", Clock())
