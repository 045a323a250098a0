import asyncio
import resource
import signal
import socket
import subprocess
import sys

import pytest

from xmppspy.cli.process import Mishaps, connections_at_a_time, ending_signals


def _count(soft: int, hard: int) -> int:
    """What another process says that has these limits."""
    program = (
        "import resource\n"
        f"resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))\n"
        "from xmppspy.cli.process import connections_at_a_time\n"
        "print(connections_at_a_time(), resource.getrlimit(resource.RLIMIT_NOFILE)[0])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    connections, descriptors = map(int, done.stdout.split())
    assert descriptors == hard
    return connections


def test_each_connection_takes_two_descriptors() -> None:
    """Of the descriptors that may be had, some are kept for other things."""
    assert _count(64, 64) == 16
    assert _count(64, 200) == 84
    assert _count(16, 16) == 1
    assert connections_at_a_time() >= (resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 32) // 2


def test_signals_that_are_ignored_stay_so() -> None:
    """With `nohup`, the end of the terminal is not the end of the command."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert list(ending_signals()) == [signal.SIGINT, signal.SIGTERM]
    finally:
        signal.signal(signal.SIGHUP, before)

    assert list(ending_signals()) == [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


def test_signals_at_the_very_end_do_nothing() -> None:
    """Also while Python itself ends, which takes handlers away."""
    program = (
        "import atexit, os, signal; from xmppspy.cli.process import Ending\n"
        "ending = Ending(); os.kill(os.getpid(), signal.SIGTERM); ending.rest()\n"
        "class Last:\n"
        "    def __del__(self, kill=os.kill, me=os.getpid()):\n"
        "        for number in (1, 2, 15): kill(me, number)\n"
        "last = Last()\n"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_mishaps_are_one_line_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails where nobody waits for it is told, once in a while."""
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    told: list[str] = []
    loop = asyncio.new_event_loop()
    mishaps = Mishaps(told.append)
    for _ in range(3):
        mishaps(loop, {"message": "accept", "exception": OSError(24, "Too many open files")})
        mishaps(loop, {"message": "a task", "exception": ValueError("x")})
    now[0] += 6
    mishaps(loop, {"message": "accept", "exception": OSError(24, "Too many open files")})
    loop.close()

    assert told == [
        "accept: Too many open files; the relay goes on",
        "a task: ValueError: x; this is a bug; the relay goes on",
        "accept: Too many open files; the relay goes on",
    ]


def test_listening_again_after_the_end_is_no_mishap() -> None:
    """As asyncio does a second after there were no descriptors left."""
    told: list[str] = []

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(Mishaps(told.append))
        closed = socket.socket()
        closed.close()
        loop.call_soon(loop._start_serving, asyncio.Protocol, closed)  # type: ignore[attr-defined]
        await asyncio.sleep(0)

    asyncio.run(serve())

    assert told == []
