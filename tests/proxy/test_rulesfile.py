import asyncio
import os
from pathlib import Path

import pytest

from xmppspy.errors import RulesError
from xmppspy.intervene.rulesfile import read_rules
from xmppspy.proxy import rulesfile
from xmppspy.proxy.rulesfile import RulesFile

DROP = '[[rule]]\nname = "a"\nfilter = "message"\nactions = ["drop"]\n'
LIMIT = 20.0


def test_rules_are_read(tmp_path: Path) -> None:
    """As they are saved now."""
    path = tmp_path / "rules.toml"
    path.write_text(DROP)
    file = RulesFile(path)
    first = file.read(read_rules)
    path.write_text(DROP.replace('"a"', '"b"'))

    assert first.names == ("a",)
    assert file.read(read_rules).names == ("b",)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "No such file"),
        (b"\xff", "no text in UTF-8"),
        (b"rule = [", "line 1: this is no TOML"),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, content: bytes | None, words: str) -> None:
    """Is told with the file's name."""
    path = tmp_path / "rules.toml"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(RulesError, match=rf"rules\.toml.*{words}"):
        RulesFile(path).read(read_rules)


INJECT = '[[rule]]\nfilter = "message"\nactions = [{inject = "hist.xml"}]\n'


def test_named_files_are_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the proxy was started."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "rules.toml").write_text(INJECT)
    (tmp_path / "rules" / "hist.xml").write_text("<message/>")
    monkeypatch.chdir(tmp_path)

    assert RulesFile(Path("rules/rules.toml")).read(read_rules).files == ("hist.xml",)


class Saved:
    """Counts how often the file was found to be another one, and waits for it."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> None:
        self.count += 1

    async def reaches(self, count: int) -> None:
        """Wait until it has been found so often."""
        async with asyncio.timeout(LIMIT):
            while True:
                if self.count >= count:
                    return
                await asyncio.sleep(0)


@pytest.mark.parametrize("changed", ["rules.toml", "hist.xml"])
def test_saving_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: str) -> None:
    """Of the file, and of the files that it names; also that it is gone."""
    monkeypatch.setattr(rulesfile, "INTERVAL", 0.001)
    for name, text in (("rules.toml", INJECT), ("hist.xml", "<message/>")):
        (tmp_path / name).write_text(text)
    file, saved = RulesFile(tmp_path / "rules.toml"), Saved()
    file.read(read_rules)

    async def scene() -> None:
        file.watch(saved)
        (tmp_path / changed).write_text((tmp_path / changed).read_text() + "\n")
        await saved.reaches(1)
        (tmp_path / changed).unlink()
        await saved.reaches(2)
        file.stop()

    asyncio.run(scene())


class Looked:
    """A file that is looked at when a test says so."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path.write_text(DROP)
        self.file, self.saved = RulesFile(path), Saved()
        self.file.read(read_rules)
        monkeypatch.setattr(self.file, "watch", lambda _saved: None)

    def look(self) -> int:
        """Look once; how often it has been found to be another one."""
        self.file._check(self.saved)
        return self.saved.count


def test_saving_in_steps_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is written to at every look is not finished yet."""
    path = tmp_path / "rules.toml"
    looked = Looked(path, monkeypatch)
    during = []
    for step in range(1, 4):
        os.utime(path, ns=(step, step))
        during.append(looked.look())

    assert (during, looked.look(), looked.look()) == ([0, 0, 0], 1, 1)


def test_file_that_stays_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is one with a mistake that was told already."""
    path = tmp_path / "rules.toml"
    looked = Looked(path, monkeypatch)
    first = [looked.look() for _ in range(3)]
    path.write_text(INJECT)
    with pytest.raises(RulesError, match="hist"):
        looked.file.read(read_rules)

    assert (first, [looked.look() for _ in range(3)]) == ([0, 0, 0], [0, 0, 0])
    (tmp_path / "hist.xml").write_text("<message/>")
    assert [looked.look() for _ in range(2)] == [0, 1]
