import os
import socket
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import platformdirs
import pytest

from xmppspy.control import places
from xmppspy.errors import PlaceError


def _abandoned(path: Path) -> Path:
    """A socket that nobody listens at any more."""
    with places.bind(path):
        pass
    return path


def _dead() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_default_place(runtime: Path) -> None:
    """A folder of our own in the user's runtime folder, the socket called by the process."""
    path = places.default_path()

    assert path == runtime / "xmppspy" / f"{os.getpid()}.sock"
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_socket_is_private_from_the_first_moment(runtime: Path) -> None:
    """Whatever the umask is, which is as before afterwards."""
    before = os.umask(0)
    try:
        with places.bind(places.default_path()) as sock:
            mode = stat.S_IMODE(Path(sock.getsockname()).stat().st_mode)

            assert mode == 0o600
            assert os.umask(0) == 0
    finally:
        os.umask(before)


def test_no_runtime_folder(runtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then it is among the temporary files, under the user's number; and is found there."""
    monkeypatch.setattr(platformdirs, "user_runtime_path", lambda: runtime / "no" / "where")
    path = places.default_path()

    assert path.parent == Path(tempfile.gettempdir(), f"xmppspy-{os.getuid()}")
    with places.bind(path):
        assert places.running() == [path]


def test_somebody_elses_runtime_folder_is_not_used(
    runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its owner could put another folder in the place of ours."""
    if os.getuid() != 0:
        pytest.skip("only root can give a folder away")
    other = runtime / "other"
    other.mkdir(mode=0o777)
    os.chown(other, 65534, 65534)
    monkeypatch.setattr(platformdirs, "user_runtime_path", lambda: other)

    assert places.default_path().parent.parent == Path(tempfile.gettempdir())


def test_symbolic_link_is_refused(runtime: Path) -> None:
    """Somebody may have put it there before."""
    (runtime / "real").mkdir(mode=0o700)
    (runtime / "xmppspy").symlink_to(runtime / "real")

    with pytest.raises(PlaceError, match=r"symbolic link.*--control PATH"):
        places.default_path()


def test_open_folder_is_refused(runtime: Path) -> None:
    """What others may enter is no place for it, and how to mend that is said."""
    (runtime / "xmppspy").mkdir()
    (runtime / "xmppspy").chmod(0o750)

    with pytest.raises(PlaceError, match=r"mode 0750.*chmod it to 0700"):
        places.default_path()


def test_file_is_refused(runtime: Path) -> None:
    """Where a folder is to be."""
    (runtime / "xmppspy").touch()

    with pytest.raises(PlaceError, match="xmppspy"):
        places.default_path()


def test_somebody_elses_folder_is_refused(runtime: Path) -> None:
    """Also when it is closed."""
    if os.getuid() != 0:
        pytest.skip("only root can give a folder away")
    (runtime / "xmppspy").mkdir(mode=0o700)
    os.chown(runtime / "xmppspy", 65534, 65534)

    with pytest.raises(PlaceError, match="belongs to somebody else"):
        places.default_path()


def test_long_path_is_told_plainly(runtime: Path) -> None:
    """The system takes about a hundred bytes, and its own words for that are few."""
    with pytest.raises(PlaceError, match=rf"bytes, and that of a socket {places.MAX_PATH} at most"):
        places.bind(runtime / ("x" * 100))


def test_longest_path_works(runtime: Path) -> None:
    """The bound itself can be bound to."""
    path = runtime / ("x" * (places.MAX_PATH - len(os.fsencode(runtime)) - 1))

    with places.bind(path):
        assert path.exists()


def test_left_over_socket_is_replaced(runtime: Path) -> None:
    """Nobody listens there any more."""
    path = _abandoned(runtime / "a.sock")

    with places.bind(path):
        assert not places.is_stale(path)


def test_place_of_another_is_left_alone(runtime: Path) -> None:
    """Whoever listens there goes on doing so."""
    with places.bind(runtime / "a.sock") as first:
        with pytest.raises(PlaceError, match="another process listens there"):
            places.bind(runtime / "a.sock")
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(runtime / "a.sock"))
            first.accept()[0].close()  # of the look whether anybody listens
            client.sendall(b"hello")
            accepted, _ = first.accept()
            with accepted:
                assert accepted.recv(5) == b"hello"


def test_file_is_left_alone(runtime: Path) -> None:
    """What is no socket is nothing to remove."""
    (runtime / "a.sock").write_text("precious")

    with pytest.raises(PlaceError, match="no socket"):
        places.bind(runtime / "a.sock")
    assert (runtime / "a.sock").read_text() == "precious"


def test_folder_that_is_not_there(runtime: Path) -> None:
    """Is told as the system tells it, with what to do."""
    with pytest.raises(PlaceError, match=r"No such file or directory.*--control PATH"):
        places.bind(runtime / "none" / "a.sock")


def test_running_are_found_and_others_removed(runtime: Path) -> None:
    """A socket of a process that is gone is removed; one that may be about to listen is not."""
    folder = places.default_path().parent
    gone = _abandoned(folder / f"{_dead()}.sock")
    starting = _abandoned(folder / f"{os.getpid()}.sock")
    odd = _abandoned(folder / "mine.sock")
    with places.bind(folder / "1.sock"):
        found = places.running()

    assert found == [folder / "1.sock"]
    assert not gone.exists()
    assert starting.exists()
    assert odd.exists()


def test_nothing_runs(runtime: Path) -> None:
    """Then nothing is found, and no folder is made for looking."""
    assert places.running() == []
    assert not (runtime / "xmppspy").exists()


def test_folder_in_the_way_is_told(runtime: Path) -> None:
    """A folder that is not to be trusted is not looked into, and that is said."""
    (runtime / "xmppspy").mkdir()
    (runtime / "xmppspy").chmod(0o777)

    with pytest.raises(PlaceError, match="0777"):
        places.running()


def test_closed_place_is_empty(runtime: Path) -> None:
    """Its file goes with the socket, unless somebody else has come to that place."""
    ours, others = places.Place(runtime / "a.sock"), places.Place(runtime / "b.sock")
    others.path.unlink()
    with places.bind(others.path):
        for _ in range(2):
            ours.close()
            others.close()

        assert not ours.path.exists()
        assert not places.is_stale(others.path)
