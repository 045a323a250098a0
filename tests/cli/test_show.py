import json
import os
import pty
import signal
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner, Result

from tests.view.samples import GOLDEN
from xmppspy.cli import main
from xmppspy.cli.show import command
from xmppspy.errors import FilterError, NotACapture, UsageError

CHAT: Final = GOLDEN / "chat.xmpp.jsonl"
TROUBLE: Final = GOLDEN / "trouble.xmpp.jsonl"
HEADER: Final = CHAT.read_bytes().splitlines(keepends=True)[0]
PING: Final = (
    b"""{"dir":"c2s","xml":"<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>"}\n"""
)
PONG: Final = b"""{"dir":"s2c","xml":"<iq type='result' id='p'/>"}\n"""
FAULT: Final = b'{"event":"error","error":"client-distrusts-ca","detail":"run xmppspy ca export"}\n'


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    """A small capture that may grow."""
    path = tmp_path / "a.xmpp.jsonl"
    path.write_bytes(HEADER + PING + PONG)
    return path


def run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    """What the command does, in this process; its errors come through."""
    result = CliRunner().invoke(command, [str(argument) for argument in arguments], input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def started() -> Iterator["Starter"]:
    """Starts the command as a process; whatever still runs at the end is killed."""
    starter = Starter()
    yield starter
    for process in starter.processes:
        process.kill()
        process.communicate()


class Starter:
    """Processes of a test."""

    def __init__(self) -> None:
        self.processes: list[subprocess.Popen[bytes]] = []

    def __call__(self, *arguments: str | Path, stdout: int = subprocess.PIPE) -> "Running":
        """`xmppspy show ARGUMENTS`, its streams connected to the test."""
        process = subprocess.Popen(
            [sys.executable, "-m", "xmppspy", "show", *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=stdout,
            stderr=subprocess.PIPE,
        )
        self.processes.append(process)
        return Running(process)


class Running:
    """A process with its ends of the pipes."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process

    def says(self) -> str:
        """The next line of its output; waits for it."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().decode()

    def hears(self, data: bytes) -> None:
        """Write to its standard input."""
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def ends(self) -> tuple[int, str, str]:
        """Its exit code, the rest of its output, and stderr, once it ended by itself."""
        output, errors = self.process.communicate(timeout=60)
        return self.process.returncode, (output or b"").decode(), errors.decode()


def append(path: Path, data: bytes) -> None:
    """Let a capture grow."""
    with path.open("ab") as file:
        file.write(data)


# --- what is printed


@pytest.mark.parametrize("name", ["chat", "trouble"])
def test_a_capture_is_printed(name: str) -> None:
    """Pretty, unless told otherwise; colours and widths are for terminals."""
    pretty = run(GOLDEN / f"{name}.xmpp.jsonl", "--utc")
    brief = run(GOLDEN / f"{name}.xmpp.jsonl", "--utc", "--brief")

    assert pretty.stdout == (GOLDEN / f"{name}.pretty.txt").read_text()
    assert brief.stdout == (GOLDEN / f"{name}.brief.txt").read_text()


def test_a_filter_limits_what_is_printed(capture: Path) -> None:
    """Its words may stand on both sides of options."""
    assert run(capture, "iq", "--brief", "--relative", "type:result").stdout == (
        "0.000 #1 S→C iq result pong (0.0 ms) id=p\n"
    )


def test_a_wrong_filter_is_an_error(capture: Path) -> None:
    """Before anything is printed."""
    with pytest.raises(FilterError, match="unknown word mesage"):
        run(capture, "mesage")


def test_counting() -> None:
    """One number: the lines that match."""
    assert run(CHAT, "--count").stdout == "34\n"
    assert run(CHAT, "--count", "iq", "type:error").stdout == "1\n"


def test_the_last_ones() -> None:
    """`-n` counts what matches, and what the style shows anything of."""
    last_two = run(CHAT, "-n", "2", "iq", "--brief", "--utc").stdout
    last_raw = run(CHAT, "-n", "1", "--raw").stdout

    assert [line.split()[3:5] for line in last_two.splitlines()] == [["iq", "get"], ["iq", "error"]]
    assert last_raw == "</stream:stream>\n"


def test_context() -> None:
    """Frames around each match, and a mark where something is left out."""
    shown = run(CHAT, "-C", "1", "iq type:error or success", "--brief", "--utc").stdout

    assert shown.splitlines()[3] == "…"
    assert [line.split()[3] for line in shown.splitlines() if line != "…"] == [
        "response",
        "success",
        "iq",
        "iq",
        "iq",
        "stream",
    ]


def test_json_is_a_capture(tmp_path: Path) -> None:
    """What was filtered out of a capture can be shown like it, secrets marked as before."""
    part = tmp_path / "part.xmpp.jsonl"
    part.write_bytes(run(CHAT, "--json", "not kind:space").stdout_bytes)

    assert part.read_bytes().splitlines(keepends=True)[0] == HEADER
    assert run(part, "--utc").stdout == run(CHAT, "--utc", "not kind:space").stdout


def test_json_completes_what_was_written_by_hand() -> None:
    """All keys are there, also where a person left them out."""
    lines = run("-", "--json", stdin=HEADER + PING).stdout.splitlines()

    assert json.loads(lines[1])["kind"] == "iq"


def test_bytes_are_what_was_received() -> None:
    """Byte for byte, one frame after the other."""
    records = [json.loads(line) for line in TROUBLE.read_bytes().splitlines()]
    received = [
        record["xml"].encode() if "xml" in record else b64decode(record["b64"])
        for record in records
        if "dir" in record and "event" not in record
    ]

    assert run(TROUBLE, "--bytes").stdout_bytes == b"".join(received)


def test_bytes_go_to_no_terminal(capture: Path) -> None:
    """Exit code 2, and advice."""
    terminal, its_end = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "xmppspy", "show", capture, "--bytes"],
        stdout=its_end, stderr=subprocess.PIPE, check=False,
    )  # fmt: skip
    os.close(terminal)
    os.close(its_end)

    assert done.returncode == 2
    assert done.stderr.startswith(b"xmppspy: --bytes would send control characters")


def test_a_terminal_gets_colours_and_lines_that_fit(capture: Path) -> None:
    """In the width that the terminal has."""
    terminal, its_end = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "30"}
    environment.pop("NO_COLOR", None)
    subprocess.run(
        [sys.executable, "-m", "xmppspy", "show", capture, "--brief", "--utc", "iq", "type:get"],
        stdout=its_end, env=environment, check=True,
    )  # fmt: skip
    os.close(its_end)
    shown = os.read(terminal, 1000).decode()
    os.close(terminal)

    assert "\x1b[1;38;5;130mC→S\x1b[0m\x1b[1m iq get" in shown
    assert "…" in shown


# --- odd captures


def test_a_capture_without_header() -> None:
    """It is shown, with seconds for times; one line says why."""
    result = run("-", "--brief", stdin=PING)

    assert result.stdout == "0.000 #1 C→S iq get ping id=p\n"
    assert result.stderr == "xmppspy: standard input: there is no header, so times are seconds\n"


def test_a_torn_last_line(capture: Path) -> None:
    """What is whole is shown; one line tells of the rest; that is no failure."""
    append(capture, PING[:20])
    result = run(capture, "--count")

    assert (result.stdout, result.exit_code) == ("2\n", 0)
    assert result.stderr == (
        f"xmppspy: {capture}: the capture ends in the middle of a line (20 bytes were left out)\n"
    )


def test_nothing_at_all() -> None:
    """An empty pipe is no reason to complain."""
    result = run("-", stdin=b"")

    assert (result.stdout, result.stderr, result.exit_code) == ("", "", 0)


def test_what_is_no_capture(tmp_path: Path) -> None:
    """An error before anything is printed."""
    other = tmp_path / "other"
    other.write_text("<xml/>\n")

    with pytest.raises(NotACapture):
        run(other)


# --- captures that grow


def test_following(capture: Path, started: Starter) -> None:
    """What is there is shown, and what comes is shown at once; Ctrl-C ends it with 0."""
    show = started("-f", "--brief", "--relative", capture)
    before = [show.says(), show.says()]
    append(capture, PING)
    after = show.says()
    show.process.send_signal(signal.SIGINT)

    assert before == [
        "0.000 #1 C→S iq get ping id=p\n",
        "0.000 #1 S→C iq result pong (0.0 ms) id=p\n",
    ]
    assert after == before[0]
    assert show.ends() == (0, "", "")


def test_following_the_last_ones(capture: Path, started: Starter) -> None:
    """`-f -n 1`: the last one that is there, then all that comes."""
    show = started("-f", "-n", "1", "--brief", "--relative", capture)
    before = show.says()
    append(capture, PING + PONG)

    assert before == "0.000 #1 S→C iq result pong (0.0 ms) id=p\n"
    assert [show.says(), show.says()] == ["0.000 #1 C→S iq get ping id=p\n", before]


def test_until_it_comes(capture: Path, started: Starter) -> None:
    """Ends with 0 as soon as the filter matches."""
    show = started("-f", "--brief", "--relative", capture, "--until", "iq type:set", "type:get")
    show.says()
    append(capture, PONG + PING.replace(b"get", b"set"))

    assert show.ends() == (0, "", "")


def test_until_it_does_not_come(capture: Path) -> None:
    """Exit code 1 when time is up, or when the capture is over."""
    waited = run("-f", "--timeout", "0.1", capture, "--until", "message")
    over = run(capture, "--until", "message")
    counted = run(capture, "--until", "type:get", "--count")

    assert (waited.exit_code, over.exit_code) == (1, 1)
    assert (counted.exit_code, counted.stdout) == (0, "1\n")


def test_watching_for_a_while(capture: Path) -> None:
    """Without a filter to wait for, the end of the time is the end, and no failure."""
    result = run("-f", "--timeout", "0.1", capture, "--brief", "--relative")

    assert (result.exit_code, result.stdout.count("\n"), result.stderr) == (0, 2, "")


def test_a_timeout_is_about_waiting(capture: Path) -> None:
    """Without -f there is nothing to wait for."""
    with pytest.raises(UsageError, match="it needs -f"):
        run(capture, "--timeout", "1")


def test_a_live_pipe(started: Starter) -> None:
    """From standard input each event is shown as soon as its line is there."""
    show = started("-", "--brief", "--relative")
    show.hears(HEADER + PING)
    first = show.says()
    show.hears(PONG)

    assert first == "0.000 #1 C→S iq get ping id=p\n"
    assert show.says() == "0.000 #1 S→C iq result pong (0.0 ms) id=p\n"


def test_findings_are_marked(tmp_path: Path) -> None:
    """Under what they are about, as comments where XML is shown."""
    path = tmp_path / "wrong.xmpp.jsonl"
    path.write_bytes(HEADER + b"""{"dir":"c2s","xml":"<presence type='available'/>"}\n""")
    pretty = run(path, "--lint", "--relative")
    brief = run(path, "--lint", "--relative", "--brief")
    said = "error P01: `available` is no type: an available presence has none (RFC 6121 §4.7.1)"

    assert pretty.stdout.splitlines()[-1] == f"<!-- lint: {said} -->"
    assert brief.stdout.splitlines()[-1] == f"  lint: {said}"


def test_findings_need_a_style_with_room(capture: Path) -> None:
    """Raw output, bytes and capture lines have none."""
    with pytest.raises(UsageError, match="--json has no place"):
        run(capture, "--lint", "--json")


# --- the view of a proxy


def test_a_live_view_shows_errors_whatever_the_filter(started: Starter) -> None:
    """And what it missed; the rest is filtered."""
    show = started("--live", "--brief", "--relative", "--color=never", "--", "-", "message")
    show.hears(HEADER + PING + FAULT + b'{"event":"skipped","lost":3}\n')

    assert show.says() == "0.000 error client-distrusts-ca: run xmppspy ca export\n"
    assert show.says() == "0.000 skipped: 3 lines not shown here, the view was too slow\n"


def test_a_live_view_outlives_ctrl_c(started: Starter) -> None:
    """It ends when the proxy closes the pipe, after all was shown."""
    show = started("--live", "--brief", "--relative", "--", "-")
    show.hears(HEADER + PING)
    show.says()
    show.process.send_signal(signal.SIGINT)
    show.hears(PONG)

    assert show.ends() == (0, "0.000 #1 S→C iq result pong (0.0 ms) id=p\n", "")


def test_errors_of_a_raw_live_view_go_to_stderr(started: Starter) -> None:
    """The output holds nothing but traffic."""
    show = started("--live", "--raw", "--", "-", "iq")
    show.hears(HEADER + FAULT + PONG)

    assert show.ends() == (
        0,
        "<iq type='result' id='p'/>\n",
        "0.000 error client-distrusts-ca: run xmppspy ca export\n",
    )


# --- ends


def test_a_reader_that_goes_away(started: Starter) -> None:
    """`| head` ends it quietly."""
    show = started("-", "--brief")
    show.hears(HEADER + PING)
    show.says()
    assert show.process.stdout is not None
    show.process.stdout.close()
    show.hears(PONG)
    assert show.process.stderr is not None
    errors = show.process.stderr.read()

    assert (show.process.wait(60), errors) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full disk to offer")
def test_a_full_disk(started: Starter) -> None:
    """One line says that the output cannot be written."""
    with Path("/dev/full").open("wb") as full:
        code, _, errors = started(CHAT, stdout=full.fileno()).ends()

    assert (code, errors) == (
        1,
        "xmppspy: the output cannot be written: No space left on device\n",
    )


def test_a_cheap_start() -> None:
    """Neither lxml nor rich nor cryptography is imported to print lines as they are."""
    program = (
        "import sys; from xmppspy.cli import main\n"
        f"try: main(['show', '--raw', {str(CHAT)!r}, 'iq', 'type:error'])\n"
        "except SystemExit: pass\n"
        "heavy = {'lxml', 'rich', 'cryptography', 'asyncio'} & set(sys.modules)\n"
        "print(sorted(heavy), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert done.stderr == b"[]\n"


def test_time_filter_means_the_time_shown() -> None:
    """`time:` is about the wall clock of the display."""
    created = datetime.fromisoformat(json.loads(HEADER)["created"])
    shown = run(CHAT, "--utc", "--count", f"time:{created:%H:%M}..23:59")

    assert int(shown.stdout) > 0


def test_hints_are_said() -> None:
    """What a filter has to remark stands on stderr."""
    shown = run(CHAT, "--count", "xpath://body")

    assert "c:" in shown.stderr


def test_a_name_that_acts_on_a_terminal_is_told_harmless(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    """What stands in an error is shown as what people can see."""
    with pytest.raises(SystemExit) as ended:
        main(["show", "a\x1b[31m\u202eb"])

    assert ended.value.code == 2
    assert capsysbinary.readouterr().err.startswith(b"xmppspy: a\\x1b[31m\\u202eb: ")
