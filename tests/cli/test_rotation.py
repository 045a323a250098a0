"""`--rotate` and `--keep` of `proxy`, and commands that read what comes of them."""

from pathlib import Path

from click.testing import CliRunner

from tests.cli.running import eventually, exchange, proxy
from xmppspy.cli import cli

MESSAGE = b"<message><body>%s</body></message>" % (b"x" * 400)


def _output(*arguments: str) -> str:
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 0, done.output
    return done.output


def test_a_proxy_writes_parts_and_commands_read_them(tmp_path: Path) -> None:
    """A part, and all parts, are shown, counted, checked and replayed like a whole capture."""
    with proxy(tmp_path, "-q", "--rotate", "5K", "--rotate", "1h") as running:
        with running.client() as client:
            for _ in range(20):
                exchange(client, MESSAGE)
            eventually(lambda: len(list(tmp_path.glob("session.0*.zst"))) > 1)
        assert running.stop() == 0
    parts = [str(each) for each in sorted(tmp_path.glob("session.*"))]
    whole = str(tmp_path / "session.*")
    counts = [int(_output("show", "--count", part, "message")) for part in parts]

    assert sum(counts) == int(_output("show", "--count", whole, "message")) == 40
    assert "repeated" in _output("show", "--brief", parts[1])
    assert "42 frames" in _output("stats", whole)
    assert CliRunner().invoke(cli, ["lint", "--severity", "error", whole]).output.count("S10") == 1
    assert _output("lint", parts[1]) == "nothing found\n"
    assert "xxx" in _output("replay", "--speed", "1000000", parts[1])


def test_only_so_many_are_kept(tmp_path: Path) -> None:
    """The oldest ones are deleted."""
    with proxy(tmp_path, "-q", "--rotate", "2K", "--keep", "2") as running:
        with running.client() as client:
            for _ in range(40):
                exchange(client, MESSAGE)
        assert running.stop() == 0

    assert len(list(tmp_path.glob("session.0*"))) == 2


def test_wrong_usage(tmp_path: Path) -> None:
    """What makes no sense is refused, in one line, before anything is written."""
    for options, said in (
        (["--keep", "3"], "--rotate"),
        (["--rotate", "many"], "100M or 1h"),
        (["--rotate", "1M", "--no-record"], "--no-record"),
    ):
        done = CliRunner().invoke(
            cli, ["proxy", "localhost:1", "--ca-dir", str(tmp_path), *options]
        )

        assert said in str(done.exception)
