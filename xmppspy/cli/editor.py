"""The person's editor: a text goes in, a text comes out."""

import shlex
import signal
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from xmppspy.errors import UsageError

BEAT: Final = 2.0
"""Seconds between two calls of `meanwhile`."""


def edited(text: str, environment: Mapping[str, str], meanwhile: Callable[[], None]) -> str:
    """What the person makes of a text in `$VISUAL`, `$EDITOR`, or `vi`.

    `meanwhile` is called now and then while the editor is open. Raises UsageError when there is no
    such editor, or when it ends with an error.
    """
    command = environment.get("VISUAL") or environment.get("EDITOR") or "vi"
    with tempfile.TemporaryDirectory(prefix="xmppspy-") as folder:
        path = Path(folder, "stanza.xml")
        path.write_text(text, encoding="utf-8")
        _run([*shlex.split(command), str(path)], command, meanwhile)
        return path.read_text(encoding="utf-8", errors="replace")


def _run(arguments: list[str], command: str, meanwhile: Callable[[], None]) -> None:
    # Ctrl-C is the editor's. It is not ignored, which the editor would inherit.
    before = signal.signal(signal.SIGINT, lambda _number, _frame: None)
    try:
        process = subprocess.Popen(arguments)
        while (code := _ended(process)) is None:
            meanwhile()
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(f"{command}: {reason}; set EDITOR to an editor of yours") from error
    finally:
        signal.signal(signal.SIGINT, before)
    if code:
        raise UsageError(f"{command} ended with code {code}; nothing was sent")


def _ended(process: subprocess.Popen[bytes]) -> int | None:
    try:
        return process.wait(BEAT)
    except subprocess.TimeoutExpired:
        return None
