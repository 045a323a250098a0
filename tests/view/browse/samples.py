"""Captures with an index, for the tests of this room."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.analysis.scenes import JULIET, ROMEO, Scene
from tests.cli.captures import write
from xmppspy.capture.body import Body, unnamed_file
from xmppspy.view.browse.browser import Browser
from xmppspy.view.browse.heap import Heap, HeapWriter
from xmppspy.view.browse.indexer import Indexer
from xmppspy.view.browse.judge import Judge
from xmppspy.view.browse.records import Records, RecordWriter

CHAT = f"<message to='{ROMEO}' type='chat' id='m1'><body>Wherefore art thou?</body></message>"


@dataclass
class Indexed:
    """A capture and what was found out about it."""

    path: Path
    body: Body
    records: int
    heap: int
    writer: RecordWriter
    indexer: Indexer
    judge: Judge
    browser: Browser

    def read(self) -> "Indexed":
        """Read all there is by now."""
        while self.indexer.scan() or self.indexer.explain() or self.judge.step(self.explained):
            pass
        self.browser.records.rows = self.writer.rows
        self.browser.explained = self.explained
        self.browser.forget()
        return self

    @property
    def explained(self) -> int:
        """How many rows are explained."""
        return self.indexer.explained

    def add(self, data: bytes) -> "Indexed":
        """Append something to the capture, and read it."""
        with self.path.open("ab") as file:
            file.write(data)
        return self.read()


@contextmanager
def indexed(path: Path) -> Iterator[Indexed]:
    """The capture at a path, read to its end."""
    with Body.open(str(path)) as body:
        records, heap = unnamed_file(), unnamed_file()
        writer = RecordWriter(records)
        indexer = Indexer(body, writer, HeapWriter(heap))
        judge = Judge(body, writer, indexer.facts)
        browser = Browser(body, Records(records), Heap(heap))
        yield Indexed(path, body, records, heap, writer, indexer, judge, browser).read()


@contextmanager
def indexed_scene(scene: Scene, folder: Path) -> Iterator[Indexed]:
    """A scene as a capture, read to its end."""
    with indexed(write(scene, folder / "a.xmpp.jsonl")) as found:
        yield found


def chat() -> Scene:
    """Juliet logs in, asks for her roster, writes a message; her client acknowledges something."""
    scene = Scene()
    scene.logs_in(JULIET)
    scene.client("<enable xmlns='urn:xmpp:sm:3' resume='true'/>")
    scene.server("<enabled xmlns='urn:xmpp:sm:3' id='s1' resume='true'/>")
    scene.client("<iq type='get' id='r1'><query xmlns='jabber:iq:roster'/></iq>")
    scene.server("<iq type='result' id='r1'><query xmlns='jabber:iq:roster'/></iq>")
    scene.client(CHAT)
    scene.client("<r xmlns='urn:xmpp:sm:3'/>")
    scene.server("<a xmlns='urn:xmpp:sm:3' h='2'/>")
    scene.client(" ")
    scene.server(
        f"<message type='error' id='m1' from='{ROMEO}'><error type='cancel'>"
        "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
    )
    scene.closes()
    return scene


ROSTER_GET, ROSTER_RESULT, MESSAGE, REQUEST, ACK, SPACE, BOUNCE, CLOSE = 7, 8, 9, 10, 11, 12, 13, 14
"""Rows of `chat`."""
