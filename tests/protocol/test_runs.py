from tests.protocol.feeding import HEADER
from xmppspy.protocol.accelerator import NOTHING
from xmppspy.protocol.context import DEFAULT_CONTEXT
from xmppspy.protocol.events import FrameRecord, Note, StanzaRun
from xmppspy.protocol.framing import Framer
from xmppspy.protocol.runs import each, records

STANZAS = (
    b"<message to='romeo@montague.example' id='m1'><x xmlns='urn:x'/></message>",
    b"<presence/>",
    b"<iq type='get' id='1' from='a'/>",
)


def run() -> StanzaRun:
    """Three stanzas that came at once."""
    return StanzaRun(
        n=5, number=3, t=1.5, conn=2, dir="c2s", data=b"".join(STANZAS), context=DEFAULT_CONTEXT,
        watch=NOTHING,
    )  # fmt: skip


def test_records_of_a_run() -> None:
    """Each stanza has the record that it would have had by itself."""
    framer = Framer()
    framer.receive_data(HEADER + b"".join(STANZAS))
    context = framer.next_frame().context  # type: ignore[union-attr]
    found = list(records(run()._replace(context=context)))

    assert found == [
        FrameRecord(
            n=n, t=1.5, conn=2, dir="c2s", kind=frame.kind, data=data, type=frame.type,
            id=frame.id, from_=frame.from_, to=frame.to, ns=frame.ns, context=context,
        )
        for n, data, frame in zip((5, 6, 7), STANZAS, iter(framer.next_frame, None), strict=False)
    ]  # fmt: skip
    assert found[0].ns == ("urn:x",)


def test_events_stand_for_themselves() -> None:
    """What is no run is one event."""
    note = Note(t=0, text="x")

    assert list(each(note)) == [note]
    assert [event.n for event in each(run()) if isinstance(event, FrameRecord)] == [5, 6, 7]
