from pathlib import Path

import pytest

from tests.analysis.scenes import JULIET, ROMEO, Scene
from tests.test_captures import CAPTURES
from tests.view.browse.samples import (
    ACK,
    MESSAGE,
    ROSTER_GET,
    Indexed,
    chat,
    indexed,
    indexed_scene,
)
from xmppspy.analysis.identity import Identities
from xmppspy.analysis.journeys import Journey, Journeys
from xmppspy.capture.format import encode
from xmppspy.capture.reader import read
from xmppspy.protocol.events import FateDecided
from xmppspy.view.browse.tracing import trace


def traced(found: Indexed, row: int) -> Journey | None:
    """The journey of the message in a row."""
    size = found.indexer.growth.size
    return [None, *trace(found.body, found.browser, row, size)][-1]


@pytest.mark.parametrize("path", sorted(CAPTURES.glob("*.jsonl")), ids=lambda path: path.stem)
def test_journeys_are_those_of_a_whole_pass(path: Path) -> None:
    """A message that says something has the steps that it has when all of it is followed."""
    identities = Identities()
    journeys = Journeys(identities)
    for event in read(path):
        identities.see(event)
        journeys.see(event)
    with indexed(path) as found:
        for journey in (each for each in journeys if each.is_content):
            row = found.browser.records.row_of(journey.steps[0].n, found.explained)
            again = None if row is None else traced(found, row)

            assert again is not None
            assert sorted(map(repr, again.steps)) == sorted(map(repr, journey.steps))


def test_acknowledgement_is_a_step(tmp_path: Path) -> None:
    """Which `a` counts a message, the index knows."""
    with indexed_scene(chat(), tmp_path) as found:
        journey = traced(found, MESSAGE)

        assert journey is not None
        assert [(step.kind, step.n) for step in journey.steps] == [
            ("sent", MESSAGE), ("acked", ACK), ("error", 13),
        ]  # fmt: skip


def test_fate_is_a_step(tmp_path: Path) -> None:
    """What xmppspy did with it."""
    with indexed_scene(chat(), tmp_path) as found:
        found.add(encode(FateDecided(t=9, conn=1, n=MESSAGE, action="drop", held=1.0)))
        journey = traced(found, MESSAGE)

        assert journey is not None
        assert journey.steps[-1].kind == "fate"


def test_ids_that_are_learnt_are_looked_for(tmp_path: Path) -> None:
    """A receipt names what the sender called it, a marker what the server did; in any spelling."""
    scene = Scene()
    scene.logs_in(JULIET)
    scene.server(
        f"<message from='{ROMEO}' to='{JULIET}' id='a&amp;b' type='chat'><body>x</body>"
        "<stanza-id xmlns='urn:xmpp:sid:0' id='s1' by='juliet@capulet.example'/></message>"
    )
    scene.client(
        f"<message to='{ROMEO}'><displayed xmlns='urn:xmpp:chat-markers:0' id='s1'/></message>"
    )
    scene.client(
        f"<message to='{ROMEO}'><received xmlns='urn:xmpp:receipts' id='a&amp;b'/></message>"
    )
    with indexed_scene(scene, tmp_path) as found:
        kinds = [
            [step.kind for step in journey.steps] if (journey := traced(found, row)) else None
            for row in (5, 6, 7)
        ]

        assert kinds[0] == kinds[1] == ["received", "marker", "receipt"]
        assert kinds[2] == ["received", "marker", "receipt"]


def test_only_messages_have_journeys(tmp_path: Path) -> None:
    """Other lines have none."""
    with indexed_scene(chat(), tmp_path) as found:
        assert [traced(found, row) for row in (0, ROSTER_GET)] == [None, None]
