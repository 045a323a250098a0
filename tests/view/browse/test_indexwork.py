from pathlib import Path

import pytest

from tests.cli.captures import CREATED, written
from tests.view.browse.samples import chat
from xmppspy.capture.body import Body, unnamed_file
from xmppspy.capture.format import encode
from xmppspy.capture.locking import tell_writing
from xmppspy.protocol.events import Mark
from xmppspy.view.browse import indexwork as module
from xmppspy.view.browse.indexwork import IndexWork
from xmppspy.view.browse.messages import Answered, Ask, Drawn, Opened, Progress, Trouble
from xmppspy.view.browse.rowsource import RowSource


class Told:
    """An indexer at work, and what it tells."""

    def __init__(self, path: Path) -> None:
        self.messages: list[object] = []
        self.stepped_aside = 0
        self.body = Body.open(str(path))
        self.work = IndexWork(
            self.body, unnamed_file(), unnamed_file(), self.messages.append, self._step_aside
        )

    def _step_aside(self) -> None:
        self.stepped_aside += 1

    def finish(self) -> "Told":
        """Let it do all there is to do."""
        while self.work.step():
            pass
        return self

    def of(self, kind: type) -> list[object]:
        """The messages of a kind."""
        return [message for message in self.messages if isinstance(message, kind)]

    @property
    def progress(self) -> Progress:
        """The last one that was told."""
        last = self.of(Progress)[-1]
        assert isinstance(last, Progress)
        return last


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A capture."""
    path = tmp_path / "a.xmpp.jsonl"
    path.write_bytes(written(chat()))
    return path


def test_capture_is_indexed(path: Path) -> None:
    """First what is seen first, then everything."""
    told = Told(path).finish()
    kinds = [type(message) for message in told.messages]

    assert kinds[:3] == [Opened, Progress, Drawn]
    assert told.messages[0] == Opened(CREATED, "xmppspy 0.1.0", "redacted")
    assert told.stepped_aside == 1
    assert (told.progress.rows, told.progress.explained, told.progress.judged) == (15, 15, 15)
    assert (told.progress.connections, told.progress.errors) == (1, 1)
    assert told.progress.size == path.stat().st_size
    assert not told.progress.is_written


def test_first_rows_are_drawn(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a capture that is being written, the last ones as well."""
    monkeypatch.setattr(module, "FIRST_ROWS", 4)
    finished = Told(path).finish()
    with path.open("ab") as file:
        tell_writing(file.fileno())
        growing = Told(path).finish()
    drawn = [
        [(each.first, len(each.rows)) for each in told.of(Drawn) if isinstance(each, Drawn)]
        for told in (finished, growing)
    ]

    assert drawn == [[(0, 4)], [(0, 4), (11, 4)]]
    assert growing.progress.is_written


def test_what_is_drawn_can_be_shown_at_once(path: Path) -> None:
    """Nothing that is told before or later takes it away again."""
    told = Told(path).finish()
    with Body.open(str(path)) as body:
        source = RowSource(body, unnamed_file(), unnamed_file())
        shown = []
        for message in told.messages:
            if isinstance(message, Drawn):
                source.take(message)
            elif isinstance(message, Progress):
                source.go_on(message)
            shown.append(source.row(0) is not None)
    drawn = [type(message) for message in told.messages].index(Drawn)

    assert shown == [at >= drawn for at in range(len(shown))]


def test_growth_is_told(path: Path) -> None:
    """With the rows that are known better than before."""
    told = Told(path).finish()
    with path.open("ab") as file:
        file.write(encode(Mark(t=9, text="x", n=9)))
    told.finish()

    assert told.progress.rows == told.progress.judged == 16
    assert told.progress.marks == 1
    assert told.progress.touched == (9,)


def test_nothing_is_told_when_nothing_is_new(path: Path) -> None:
    """Also when there were many looks at the file."""
    told = Told(path).finish()
    count = len(told.messages)
    for _ in range(5):
        told.work.step()

    assert len(told.messages) == count


def test_what_happens_to_the_file_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When it was removed, for example."""
    monkeypatch.setattr(module, "_WATCH_AFTER", 0.0)
    told = Told(path).finish()
    path.unlink()
    told.finish()

    assert told.progress.standing == "removed"


def test_capture_that_is_over_is_concluded(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is wrong because nothing more came is found then, once."""
    monkeypatch.setattr(module, "_WATCH_AFTER", 0.0)
    monkeypatch.setattr(module, "_CONCLUDE_AFTER", 1e9)
    path.write_bytes(
        b'{"n":1,"t":0,"conn":1,"dir":"c2s","kind":"iq","type":"get","id":"1",'
        b"\"xml\":\"<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>\"}\n"
        b'{"t":60,"event":"note","text":"x"}\n'
    )
    told = Told(path).finish()
    before = told.progress.findings
    monkeypatch.setattr(module, "_CONCLUDE_AFTER", 0.0)
    told.finish()
    after = told.progress.findings
    told.finish()

    assert before < after == told.progress.findings


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"plain text\n", "this is no capture"),
        (b'{"other":1}\n', "this is other JSON, no capture"),
        (b'{"format":"xmppspy-capture","version":9}\n', "upgrade xmppspy"),
        (b"\x28\xb5\x2f\xfdbroken", "broken compression"),
    ],
)
def test_what_is_no_capture_is_refused(path: Path, data: bytes, reason: str) -> None:
    """With what is wrong, once."""
    path.write_bytes(data)
    told = Told(path).finish()
    told.finish()
    (trouble,) = told.of(Trouble)

    assert isinstance(trouble, Trouble)
    assert trouble.is_fatal
    assert reason in trouble.reason


def test_questions_are_answered(path: Path) -> None:
    """What was seen, and how the connections stand."""
    told = Told(path).finish()
    told.work.handle(Ask("seen"))
    told.work.handle(Ask("overview"))
    told.work.handle("something else")
    answers = {each.about: each.value for each in told.of(Answered) if isinstance(each, Answered)}

    assert "romeo@montague.example" in answers["seen"].jids
    assert answers["overview"].outlooks[0].report.jid == "juliet@capulet.example/balcony"
