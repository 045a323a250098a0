from types import MappingProxyType

from tests.intervene.frames import frame
from xmppspy.intervene.records import record_of, reread
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.recorder import Recorder

XML = "<iq type='get' id='1' from='a@b' to='c@d'><q xmlns='urn:q'/></iq>"


def test_it_is_the_record_that_the_session_makes() -> None:
    """All but its number."""
    context = StreamContext(prefixes=MappingProxyType({"stream": ns.STREAMS, "x": "urn:x"}))
    for xml in (XML, "<x:a/>", " "):
        cut = frame(xml, context)
        recorder = Recorder(7, iter([0]))
        recorder.frame(1.5, "s2c", cut)

        assert record_of(7, "s2c", cut, 1.5) == recorder.next_event()


def test_what_has_been_edited_is_read_again() -> None:
    """In its own stream, as far as it can be."""
    record = record_of(1, "c2s", frame(XML), 0.0)
    data = XML.replace("'1'", "'2'").replace("urn:q", "urn:r").encode()
    edited = reread(record, data)

    assert edited == record_of(1, "c2s", frame(data.decode()), 0.0)
    assert reread(record, data + b"<iq/>").data == data + b"<iq/>"
    assert reread(record, b"<iq>").data == b"<iq>"
    assert reread(record, b"<iq>").id == "1"
