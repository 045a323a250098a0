import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from xmppspy import __version__
from xmppspy.capture.format import VERSION
from xmppspy.proxy.certs import Authority

ROOT: Final = Path(__file__).parent.parent
PACKAGE: Final = ROOT / "xmppspy"

LEVELS: Final = (
    {"cli", "testing"},
    {"demo"},
    {"view", "proxy", "replay"},
    {"scripting"},
    {"bridge", "intervene"},
    {"filters", "control"},
    {"analysis", "capture"},
    {"protocol"},
    {"errors"},
)
"""The rooms, from the top; each may import what is below it."""

PUBLIC: Final = {"capture", "filters", "protocol", "errors"}
"""What `xmppspy/__init__.py` may take its names from."""

CORE: Final = {"protocol", "analysis", "bridge", "intervene"}
"""The rooms without input and output."""

OUTSIDE: Final = {
    "asyncio", "io", "multiprocessing", "os", "pathlib", "select", "selectors", "shutil", "signal",
    "socket", "subprocess", "tempfile", "threading", "time",
}  # fmt: skip
"""Modules by which a sans-I/O room would touch the world."""

CAPTURE: Final = str(ROOT / "captures" / "roster-and-presence.xmpp.jsonl")

READING: Final = {
    "asyncio", "cryptography", "email", "ssl", "subprocess", "textual", "zstandard",
    "xmppspy.bridge", "xmppspy.filters", "xmppspy.intervene", "xmppspy.protocol.session",
    "xmppspy.proxy", "xmppspy.replay",
}  # fmt: skip
"""What no command that only reads a capture has to load, unless a filter is given."""

STARTS: Final = (
    (
        ("--help",),
        {"asyncio", "cryptography", "lxml", "OpenSSL", "pathlib", "rich", "xmppspy.errors"},
    ),
    (("show", CAPTURE), READING | {"rich", "xmppspy.analysis.lint"}),
    (("show", CAPTURE, "--json"), READING | {"lxml", "rich", "xmppspy.analysis.explainer"}),
    (("show", CAPTURE, "--count"), READING | {"lxml", "rich", "xmppspy.analysis", "xmppspy.view"}),
    (("stats", CAPTURE), READING | {"xmppspy.analysis.lint"}),
    (("lint", CAPTURE), READING | {"rich"}),
)
"""Commands, and what each does without."""

UNMIRRORED: Final = {"__init__", "__main__"}
"""Tested through what they lead to: by tests/test_public_api.py and in tests/cli."""


def name_of(path: Path) -> str:
    """`xmppspy.protocol.framing` for its file, `xmppspy.protocol` for its `__init__.py`."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES: Final = {name_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}
TREES: Final = {module: ast.parse(path.read_text()) for module, path in MODULES.items()}


def room_of(module: str) -> str:
    """The room that a module of the package is in; empty for the package itself."""
    return module.split(".")[1] if "." in module else ""


def rooms_of(modules: set[str]) -> set[str]:
    """The rooms of those modules that are of the package."""
    return {room_of(name) for name in modules if name.split(".")[0] == "xmppspy"} - {""}


@cache
def imports_of(module: str) -> set[str]:
    """The modules it imports: anywhere in its code, for the types only, or by their names."""
    return {name for node in ast.walk(TREES[module]) for name in _imports(node)}


def _imports(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        origin = node.module or ""
        names = (f"{origin}.{alias.name}" for alias in node.names)
        yield from (name if name in MODULES else origin for name in names)
    elif isinstance(node, ast.Constant) and node.value in MODULES and node.value != "xmppspy":
        yield str(node.value)


def cycle_from(module: str, trail: tuple[str, ...], done: set[str]) -> tuple[str, ...]:
    """A way along the imports that leads back to a module on it; empty when there is none."""
    if module in trail:
        return (*trail[trail.index(module) :], module)
    if module in done:
        return ()
    done.add(module)
    steps = (cycle_from(each, (*trail, module), done) for each in imports_of(module) & {*MODULES})
    return next(filter(None, steps), ())


def test_core_touches_nothing_outside() -> None:
    """The sans-I/O rooms know no sockets, clocks, files, threads or tasks."""
    core = [module for module in MODULES if room_of(module) in CORE]
    outside = [(m, name) for m in core for name in imports_of(m) if name.split(".")[0] in OUTSIDE]
    opens = [m for m in core for node in ast.walk(TREES[m]) if _is_open(node)]

    assert outside == []
    assert opens == []


def _is_open(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    return isinstance(node.func, ast.Name) and node.func.id == "open"


def test_imports_are_absolute() -> None:
    """No import is relative; the other tests here rely on it."""
    nodes = [node for tree in TREES.values() for node in ast.walk(tree)]

    assert not [node for node in nodes if isinstance(node, ast.ImportFrom) and node.level]


def test_imports_point_down() -> None:
    """A room imports itself and what is below it, nothing beside it and nothing above."""
    below: set[str] = set()
    allowed = {"": PUBLIC, "__main__": {"cli"}}
    for level in reversed(LEVELS):
        allowed |= {room: {room} | below for room in level}
        below |= level
    wrong = {
        module: stray
        for module in MODULES
        if (stray := rooms_of(imports_of(module)) - allowed[room_of(module)])
    }

    assert wrong == {}


def test_no_module_imports_itself_in_a_circle() -> None:
    """The imports of the package have no cycle."""
    done: set[str] = set()
    cycles = [found for module in MODULES if (found := cycle_from(module, (), done))]

    assert cycles == []


@pytest.mark.parametrize(("arguments", "idle"), STARTS, ids=range(len(STARTS)))
def test_commands_load_what_they_need(arguments: tuple[str, ...], idle: set[str]) -> None:
    """They are quick to start, because they do without the rest."""
    program = (
        "import sys\n"
        "from xmppspy.cli import main\n"
        "try:\n"
        f"    main({[*arguments]})\n"
        "finally:\n"
        f"    print(sorted({idle} & set(sys.modules)), file=sys.stderr)\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)

    assert run.stdout
    assert run.stderr == b"[]\n"


def test_proxy_listens_before_the_rest_is_loaded(tmp_path: Path) -> None:
    """Clients can connect when neither the event loop nor what carries their bytes is there."""
    idle = {
        "asyncio", "lxml", "msgspec", "xmppspy.analysis.redaction", "xmppspy.bridge",
        "xmppspy.capture.format", "xmppspy.filters", "xmppspy.intervene", "xmppspy.protocol.session",
        "xmppspy.proxy.minting",
    }  # fmt: skip
    command = ["proxy", "localhost:1", "-l", "0", "-q", "--no-control", "--ca-dir", str(tmp_path)]
    command += ["-w", str(tmp_path / "a.xmpp.jsonl")]
    program = (
        "import sys\n"
        "from xmppspy.cli import main\n"
        "class Finder:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'xmppspy.cli.assembly':\n"
        f"            sys.exit(str(sorted({idle} & set(sys.modules))))\n"
        "sys.meta_path.insert(0, Finder())\n"
        f"main({command})\n"
    )
    Authority.open(tmp_path)
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    told, *left = run.stderr.decode().splitlines()

    assert told.startswith("listening on 127.0.0.1:")
    assert left == ["[]"]


def test_tests_mirror_the_package() -> None:
    """Each module has a test module of its name at its place."""
    mirrored = [path.relative_to(PACKAGE) for path in MODULES.values()]
    mirrors = [
        Path("tests", path.parent, f"test_{path.name}")
        for path in mirrored
        if path.stem not in UNMIRRORED
    ]

    assert [str(mirror) for mirror in mirrors if not (ROOT / mirror).exists()] == []


def test_version_is_in_the_changelog() -> None:
    """The newest entry of the changelog is the version of the package, and names its format."""
    changelog = (ROOT / "CHANGELOG.md").read_text()
    newest = re.search(r"^## \[(.+?)\].*?(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL)

    assert newest is not None
    assert newest[1] == __version__
    assert f"Capture format version {VERSION}." in newest[0]
