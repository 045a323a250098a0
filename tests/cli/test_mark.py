from pathlib import Path

from click.testing import CliRunner

from xmppspy.capture.reader import read
from xmppspy.cli.mark import command
from xmppspy.protocol.events import Mark


def test_words_are_joined(tmp_path: Path) -> None:
    """The words on the command line are one text."""
    capture = tmp_path / "a.xmpp.jsonl"
    capture.write_bytes(b'{"dir":"c2s","xml":"<presence/>","t":3}\n')
    done = CliRunner().invoke(command, [str(capture), "here", "it", "breaks"])

    assert done.exit_code == 0
    assert list(read(capture))[-1] == Mark(t=3.0, text="here it breaks")
