import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.real.programs import unavailable

PAGE = Path(__file__).parents[2] / "docs" / "replay.md"


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The files that the page shows, in a folder of their own."""
    if find_spec("slixmpp") is None:
        unavailable("slixmpp is not installed (make venv installs it)")
    for text in re.findall(
        r"^```\w*\n(# \S+\.\w+\n.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE
    ):
        name = text.partition("\n")[0].removeprefix("# ")
        (tmp_path / name).write_text(text)
    return tmp_path


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    """pytest, started in a folder as a person starts it."""
    line = [sys.executable, "-m", "pytest", "-p", "xmppspy.testing", "-p", "no:cacheprovider"]
    return subprocess.run(
        line, cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )


def test_the_example_passes(example: Path) -> None:
    """What the page promises is so."""
    done = run(example)

    assert "1 passed" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0


def test_the_example_fails_when_the_client_has_changed(example: Path) -> None:
    """And pytest shows what it says instead."""
    test = example / "test_greeter.py"
    test.write_text(test.read_text().replace("God ye good morrow!", "God ye good den!"))
    done = run(example)

    assert done.returncode == 1
    assert "-   <body>God ye good morrow!</body>" in done.stdout
    assert "+   <body>God ye good den!</body>" in done.stdout
