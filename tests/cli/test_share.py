import json
import resource
import stat
import subprocess
import sys
from base64 import b64encode
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner, Result

from tests.analysis.redaction.planted import RECORDED, SASL, SHARED, leaks, planted
from xmppspy.capture.reader import Reader, read
from xmppspy.cli.share import command
from xmppspy.errors import NotACapture, UsageError
from xmppspy.protocol.events import FrameRecord

HEADER: Final = (
    '{"format":"xmppspy-capture","version":1,"created":"2026-11-22T07:40:12Z","secrets":"kept"}'
)
PLAIN: Final = b64encode(b"\0juliet\0swordfish").decode()
LINES: Final = (
    {"event": "open", "client": "10.1.2.3:4000", "server": "capulet.example:5222"},
    {"dir": "c2s", "xml": f"<auth {SASL} mechanism='PLAIN'>{PLAIN}</auth>"},
    {"dir": "c2s", "xml": "<message to='romeo@montague.example'><body>It is Juliet</body></message>"},
    {"event": "mark", "text": "juliet was here"},
)  # fmt: skip


def run(*arguments: str | Path) -> Result:
    """What the command does, in this process; its errors come through."""
    result = CliRunner().invoke(command, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    """A capture with secrets in it."""
    path = tmp_path / "a.xmpp.jsonl"
    path.write_text("\n".join([HEADER, "# private", *map(json.dumps, LINES)]) + "\n")
    return path


def test_a_copy_can_be_published(capture: Path, tmp_path: Path) -> None:
    """The copy names nobody, holds no secret, and is a capture."""
    copy = tmp_path / "b.xmpp.jsonl"
    result = run(capture, "-o", copy)
    with Reader(copy) as reader:
        header, events = reader.header, list(reader)

    assert result.exit_code == 0
    assert header is not None
    assert header.secrets == "redacted"
    assert header.created.isoformat() == "2026-11-22T07:40:12+00:00"
    assert len(events) == len(LINES)
    for secret in ("juliet", "Juliet", "romeo", "capulet", "montague", "swordfish", "10.1.2.3"):
        assert leaks(events, secret) == []
        assert secret not in copy.read_text()
    assert "private" not in copy.read_text()


def test_it_says_what_it_did(capture: Path, tmp_path: Path) -> None:
    """A few lines tell what was renamed and masked, and to look at it."""
    result = run(capture, "-o", tmp_path / "b.xmpp.jsonl")

    assert "2 frames, 2 other events" in result.stdout
    assert "2 local parts, 3 hosts" in result.stdout
    assert "{jabber:client}body 1×" in result.stdout
    assert "look at it before you publish it" in result.stdout
    assert result.stdout.count("\n") == 4


def test_bodies(capture: Path, tmp_path: Path) -> None:
    """With --bodies, what people wrote is kept, without the names in it."""
    run(capture, "--bodies", "-o", tmp_path / "b.xmpp.jsonl")

    assert "<body>It is user1</body>" in (tmp_path / "b.xmpp.jsonl").read_text()


def test_the_whole_table(tmp_path: Path) -> None:
    """Nothing of what docs/secrets.md lists is left of a capture that kept everything."""
    source, copy = tmp_path / "a.xmpp.jsonl", tmp_path / "b.xmpp.jsonl.zst"
    frames = [{"dir": "c2s", "xml": planted(plant)} for plant in (*RECORDED, *SHARED)]
    source.write_text("\n".join([HEADER, *map(json.dumps, frames)]) + "\n")
    run(source, "-o", copy)
    events = list(read(copy))

    assert len(events) == len(frames)
    assert leaks(events, RECORDED[0].secret) == []
    assert all(isinstance(event, FrameRecord) and event.kind != "opaque" for event in events)


def test_names_that_are_left_are_told(tmp_path: Path) -> None:
    """A name that stands where the protocol puts its own words is said."""
    source, copy = tmp_path / "a.xmpp.jsonl", tmp_path / "b.xmpp.jsonl"
    xml = "<iq from='tybalt@capulet.example' type='get' id='1'><tybalt xmlns='urn:x'/></iq>"
    source.write_text(f"{HEADER}\n{json.dumps({'dir': 'c2s', 'xml': xml})}\n")

    assert "still there, in places that belong to the protocol: 'tybalt' in 1 line" in (
        run(source, "-o", copy).stdout
    )


def test_traffic_sends_no_escapes_to_the_terminal(tmp_path: Path) -> None:
    """Names of elements that are told come from peers, and are made harmless."""
    source = tmp_path / "a"
    xml = "<iq><x xmlns='\x1b[2J'><token>abc</token></x></iq>"
    source.write_text(f"{HEADER}\n{json.dumps({'dir': 'c2s', 'kind': 'iq', 'xml': xml})}\n")

    assert "\x1b" not in run(source, "-o", tmp_path / "b").stdout


def test_without_a_header(tmp_path: Path) -> None:
    """Lines that `grep` left get a header, which says that secrets are masked."""
    source, copy = tmp_path / "a", tmp_path / "b"
    source.write_text(json.dumps(LINES[1]) + "\n")
    run(source, "-o", copy)
    with Reader(copy) as reader:
        assert reader.header is not None
        assert reader.header.secrets == "redacted"

    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_nothing_is_overwritten(capture: Path, tmp_path: Path) -> None:
    """A file that is there already is left alone."""
    copy = tmp_path / "b.xmpp.jsonl"
    copy.write_text("precious")
    with pytest.raises(UsageError, match="exists already; choose another name with -o"):
        run(capture, "-o", copy)

    assert copy.read_text() == "precious"


def test_what_cannot_be_read(tmp_path: Path) -> None:
    """What is no capture makes no copy; standard input cannot be read twice."""
    source = tmp_path / "a"
    source.write_text("hello\n")
    with pytest.raises(NotACapture):
        run(source, "-o", tmp_path / "b")
    with pytest.raises(UsageError, match="name a file"):
        run("-", "-o", tmp_path / "b")

    assert not (tmp_path / "b").exists()


def test_a_full_disk(capture: Path, tmp_path: Path) -> None:
    """What could not be written is an error, not a copy."""
    command = [sys.executable, "-m", "xmppspy", "share", str(capture), "-o", str(tmp_path / "b")]
    done = subprocess.run(
        command,
        capture_output=True,
        check=False,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200)),
    )

    assert done.returncode == 1
    assert done.stdout == b""
    assert b"xmppspy: " in done.stderr
    assert b"too large" in done.stderr


def test_a_torn_capture_is_told(capture: Path, tmp_path: Path) -> None:
    """What breaks off is shared as far as it goes, and said."""
    capture.write_bytes(capture.read_bytes()[:-5])
    result = run(capture, "-o", tmp_path / "b.xmpp.jsonl")

    assert result.exit_code == 0
    assert "in the middle of a line" in result.stderr
