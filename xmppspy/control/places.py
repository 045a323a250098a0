"""Places: where the control sockets of running proxies are."""

# A socket that commands a proxy must be its owner's alone. So it is made under a umask that leaves
# nobody else a right to it, in a folder that only its owner can enter; and who connects is asked
# for the user's id besides (`proxy.control`). The folder is the user's runtime folder, which the
# system clears at the end of the session; where there is none, one of our own among the temporary
# files, whose name anybody could have taken before: what is not ours, or open to others, is refused.

import errno
import os
import socket
import stat
import sys
import warnings
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import platformdirs

from xmppspy.errors import PlaceError

MAX_PATH: Final = 107 if sys.platform == "linux" else 103
"""Bytes of a socket's path, by the system's `sockaddr_un`."""

_PRIVATE: Final = 0o077
_GONE: Final = (errno.ECONNREFUSED, errno.ENOENT)
_UNHAD: Final = (errno.ENOENT, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR)
"""Why a folder cannot be made that could be somewhere else."""


def folders() -> Iterator[Path]:
    """Where sockets may be, the best place first."""
    with suppress(OSError):
        yield _runtime() / "xmppspy"
    yield _temporary()


def _runtime() -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it has to fall back is no business of the person
        return platformdirs.user_runtime_path()


def _temporary() -> Path:
    import tempfile  # noqa: PLC0415 - most systems have a runtime folder

    return Path(tempfile.gettempdir(), f"xmppspy-{os.getuid()}")


def default_path() -> Path:
    """Where this process is to have its socket; the folder is there then. Raises PlaceError."""
    for folder in folders():
        if _make(folder):
            return folder / f"{os.getpid()}.sock"
    raise PlaceError(str(_temporary()), "no folder for it can be made")


def _make(folder: Path) -> bool:
    """See to it that the folder is there, and ours alone; False when it cannot be made there."""
    try:
        folder.parent.mkdir(mode=0o700, exist_ok=True)
        if folder.parent.stat().st_uid not in (0, os.getuid()):
            return False  # whoever owns it could put another folder in the place of ours
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        if error.errno in _UNHAD:
            return False
        raise PlaceError(str(folder), error.strerror or str(error)) from error
    check_folder(folder)
    return True


def check_folder(folder: Path) -> None:
    """Raise PlaceError unless it is a folder that is ours alone."""
    try:
        found = folder.lstat()
    except OSError as error:
        raise PlaceError(str(folder), error.strerror or str(error)) from error
    if stat.S_ISLNK(found.st_mode):
        raise PlaceError(str(folder), "it is a symbolic link, which somebody else may have made")
    if not stat.S_ISDIR(found.st_mode):
        raise PlaceError(str(folder), "it is no folder")
    if found.st_uid != os.getuid():
        raise PlaceError(str(folder), f"it belongs to somebody else (user {found.st_uid})")
    if found.st_mode & _PRIVATE:
        mode = stat.S_IMODE(found.st_mode)
        raise PlaceError(str(folder), f"others may enter it (mode {mode:04o}); chmod it to 0700")


def bind(path: Path) -> socket.socket:
    """A listening socket at `path`, which nobody else can connect to, not for a moment.

    What a proxy that is gone has left there is removed. Raises PlaceError.
    """
    check_length(path)
    _clear(path)
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    mask = os.umask(0o177)
    try:
        sock.bind(os.fspath(path))
        sock.listen()
    except OSError as error:
        sock.close()
        raise PlaceError(str(path), error.strerror or str(error)) from error
    finally:
        os.umask(mask)
    return sock


class Place:
    """A listening socket at `path`, and its file, until it is closed. Raises PlaceError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.socket = bind(path)
        self._identity = _identity(path)

    def close(self) -> None:
        """Listen no more, and remove the socket's file. Again it does nothing."""
        self.socket.close()
        if _identity(self.path) == self._identity:
            with suppress(OSError):
                self.path.unlink()


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def check_length(path: Path) -> None:
    """Raise PlaceError when the path is longer than the system takes for a socket."""
    length = len(os.fsencode(path))
    if length > MAX_PATH:
        reason = f"the path has {length} bytes, and that of a socket {MAX_PATH} at most"
        raise PlaceError(str(path), reason)


def _clear(path: Path) -> None:
    """Remove what a proxy that is gone has left. Raises PlaceError for anything else."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return
    if not stat.S_ISSOCK(mode):
        raise PlaceError(str(path), "it exists, and is no socket")
    if not is_stale(path):
        raise PlaceError(str(path), "another process listens there")
    with suppress(FileNotFoundError):
        path.unlink()


def is_stale(path: Path) -> bool:
    """Whether nobody listens at a socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        sock.setblocking(False)
        return sock.connect_ex(os.fspath(path)) in _GONE


def running() -> list[Path]:
    """The sockets of this user's proxies that listen. Those left by others are removed.

    Raises PlaceError when there are none, and a folder that is not ours is in the way.
    """
    found: list[Path] = []
    wrong: PlaceError | None = None
    for folder in filter(os.path.lexists, folders()):
        try:
            found += _running_in(folder)
        except PlaceError as error:
            wrong = error
    if wrong is not None and not found:
        raise wrong
    return found


def _running_in(folder: Path) -> list[Path]:
    check_folder(folder)
    found = []
    for path in sorted(folder.glob("*.sock")):
        if not is_stale(path):
            found.append(path)
        elif not _lives(path.stem):
            with suppress(FileNotFoundError):
                path.unlink()
    return found


def _lives(pid: str) -> bool:
    """Whether a process of that number is there, which may be about to listen."""
    if not pid.isascii() or not pid.isdigit():
        return True
    with suppress(ProcessLookupError, OverflowError):
        os.kill(int(pid), 0)
        return True
    return False
