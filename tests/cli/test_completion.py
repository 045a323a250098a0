import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(sys.executable).parent
"""Where the command is installed."""


def _offered(*words: str) -> list[str]:
    """What bash is told when the last of the words, after the command, is being typed."""
    told = {
        "_XMPPSPY_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(("xmppspy", *words)),
        "COMP_CWORD": str(len(words)),
    }
    run = subprocess.run(
        [sys.executable, "-m", "xmppspy"],
        env=os.environ | told,
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.split()


@pytest.mark.parametrize(
    "arguments",
    [("show", "FILE"), ("proxy", "example.org", "iq"), ("demo",), ("show", "F", "--until")],
)
def test_filters_are_completed_wherever_they_stand(arguments: tuple[str, ...]) -> None:
    """In arguments and options of the commands that take filters."""
    assert _offered(*arguments, "mess") == ["plain,message"]


def test_captures_are_completed_by_the_shell() -> None:
    """It knows the files."""
    assert _offered("show", "fi") == ["file,fi"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (("dir",), ["plain,dir:", "plain,dir=", "plain,dir~", "plain,dir:c2s"]),
        (("dir", ":"), ["plain,c2s", "plain,s2c"]),
        (("dir", "=", "c"), ["plain,c2s"]),
        (("ns", ":", "urn", ":", "xmpp", ":", "sm"), ["plain,sm:2", "plain,sm:3"]),
        (("ns", ":", "urn", ":", "xmpp", ":", "sm", ":"), ["plain,2", "plain,3"]),
        (("iq", "dir", ":", "c"), ["plain,c2s"]),
        (("dir:",), ["plain,dir:c2s", "plain,dir:s2c"]),
        ((":",), []),
    ],
)
def test_bash_takes_terms_apart_at_colons(typed: tuple[str, ...], expected: list[str]) -> None:
    """Then only what follows the last colon is replaced; other shells hand terms over whole."""
    assert _offered("show", "FILE", *typed) == expected


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash")
def test_bash_itself_completes() -> None:
    """With the function that the command prints for it."""
    program = """\
eval "$(_XMPPSPY_COMPLETE=bash_source xmppspy)"
COMP_WORDS=(xmppspy show FILE kind : me)
COMP_CWORD=5
_xmppspy_completion xmppspy
printf '%s\\n' "${COMPREPLY[@]}"
"""
    path = f"{FOLDER}{os.pathsep}{os.environ['PATH']}"
    run = subprocess.run(
        ["bash", "--norc", "-c", program],
        env=os.environ | {"PATH": path}, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert run.stdout == "message\n"
