from pathlib import Path

import pytest

from xmppspy.capture.reader import Reader
from xmppspy.cli.taping import taping
from xmppspy.errors import CaptureExists
from xmppspy.protocol.events import Side
from xmppspy.proxy.clock import Clock

AUTH = b"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGEAc2VjcmV0</auth>"


@pytest.mark.parametrize("keep", [False, True])
def test_secrets_are_masked_unless_kept(tmp_path: Path, keep: bool) -> None:
    """A password that a replay sends or gets is masked as the proxy masks it."""
    path = tmp_path / "x.xmpp.jsonl"
    with taping(path, Clock(), print, keep_secrets=keep) as tape:
        assert tape is not None
        track = tape.track(Side.CLIENT, client="127.0.0.1:1", server="127.0.0.1:2")
        track.sent(
            b"<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
        )
        track.sent(AUTH)
        track.closed("client", "the end")
    with Reader(path) as reader:
        header = reader.header

    assert header is not None
    assert header.secrets == ("kept" if keep else "redacted")
    assert (b"AGEAc2VjcmV0" in path.read_bytes()) == keep


def test_nothing_is_written_unless_wanted() -> None:
    """Without a path there is no tape."""
    with taping(None, Clock(), print) as tape:
        assert tape is None


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """An existing file is left as it is."""
    path = tmp_path / "x.xmpp.jsonl"
    path.write_text("mine")
    with pytest.raises(CaptureExists), taping(path, Clock(), print):
        pass

    assert path.read_text() == "mine"
