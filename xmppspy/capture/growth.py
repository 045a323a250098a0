"""Growth: what comes to the body of a capture, and what becomes of its file."""

import os
from enum import StrEnum

from xmppspy.capture.body import Body
from xmppspy.capture.locking import is_being_written
from xmppspy.capture.unpacking import CHUNK, Unpacking
from xmppspy.errors import CaptureError


class Standing(StrEnum):
    """How the file of a capture stands to what was read of it."""

    SAME = "same"
    TRUNCATED = "truncated"
    """It has become shorter: some of what was read is gone."""
    REPLACED = "replaced"
    """Another file has its name now, as when logs are rotated; what was read is still there."""
    REMOVED = "removed"
    """No file has its name; what was read is still there."""


class Growth:
    """Takes what comes to a body, in order. One process at a time may follow it."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self._unpacking = Unpacking(body.source) if body.is_unpacked else None
        self.size = 0
        """The bytes that were taken: so much of the body can be read."""

    def take(self) -> bytes:
        """The next bytes that are there; empty when there are none for now. Never waits.

        Raises CaptureError.
        """
        try:
            if self._unpacking is None:
                data = os.pread(self._body.data, CHUNK, self.size)
            else:
                data = self._unpacking.take()
                self._keep(data)
        except OSError as error:
            reason = f"cannot be read: {error.strerror or error}"
            raise CaptureError(self._body.path, reason) from None
        self.size += len(data)
        return data

    @property
    def is_written(self) -> bool:
        """Whether somebody still writes it, as far as can be known."""
        if self._unpacking is not None and self._unpacking.is_pipe:
            return not self._unpacking.ended
        return is_being_written(self._body.source)

    def standing(self) -> Standing:
        """What has happened to its file."""
        if self._body.capture == "-" or (self._unpacking is not None and self._unpacking.is_pipe):
            return Standing.SAME
        opened = os.fstat(self._body.source)
        if opened.st_size < (self.size if self._unpacking is None else self._unpacking.read):
            return Standing.TRUNCATED
        try:
            named = os.stat(self._body.capture)  # noqa: PTH116 - as with the descriptor above
        except OSError:
            return Standing.REMOVED
        same = (named.st_dev, named.st_ino) == (opened.st_dev, opened.st_ino)
        return Standing.SAME if same else Standing.REPLACED

    def _keep(self, data: bytes) -> None:
        at, left = self.size, memoryview(data)
        while left:
            written = os.pwrite(self._body.data, left, at)
            at, left = at + written, left[written:]
