import pytest

from tests.demo.backstage import NURSE, PETER, accounts, frame
from xmppspy.demo import stanzas as xml
from xmppspy.demo.services import answer, refusal
from xmppspy.protocol.framing import Frame

_ACCOUNT = accounts()[0]
_JID = f"{NURSE}/hall"


def _answer(request: str) -> Frame:
    said = answer(frame(request), _ACCOUNT, _JID)
    assert said is not None
    return frame(said)


def test_roster_lists_the_contacts() -> None:
    """The roster has an item for each contact, with name and group."""
    told = _answer("<iq type='get' id='1'><query xmlns='jabber:iq:roster'/></iq>")

    assert (told.type, told.id, told.from_) == ("result", "1", None)
    assert (told.ns, xml.children(told)) == (("jabber:iq:roster",), ["query"])
    assert f'jid="{PETER}" name="Peter" subscription="both"'.encode() in told.data
    assert xml.texts(told, "group") == ["Household"]


def test_ping_is_answered_by_whom_it_was_sent_to() -> None:
    """The answer's sender is the address of the request, its receiver the one who asked."""
    told = _answer("<iq type='get' id='2' to='verona.example'><ping xmlns='urn:xmpp:ping'/></iq>")

    assert (told.type, told.id, told.ns) == ("result", "2", ())
    assert (told.from_, told.to) == ("verona.example", _JID)


def test_disco_tells_identity_and_features() -> None:
    """Service discovery names the server, disco itself and ping."""
    query = "<query xmlns='http://jabber.org/protocol/disco#info'/>"
    told = _answer(f"<iq type='get' id='3' to='verona.example'>{query}</iq>")

    assert told.ns == (xml.DISCO_INFO,)
    assert b'<identity category="server" type="im" ' in told.data
    assert told.data.count(b"<feature ") == 2
    assert f'<feature var="{xml.PING}"/>'.encode() in told.data


@pytest.mark.parametrize("kind", ["get", "set"])
def test_unknown_request_is_answered_by_an_error(kind: str) -> None:
    """Every request gets an answer, and so does one that nobody understands."""
    told = _answer(f"<iq type='{kind}' id='4' to='{NURSE}'><x xmlns='urn:example'/></iq>")

    assert (told.type, told.id, told.from_) == ("error", "4", NURSE)
    assert b"<service-unavailable " in told.data


@pytest.mark.parametrize(
    "stanza",
    [
        "<iq type='error' id='5'/>",
        "<iq type='result' id='5'/>",
        "<message type='error'/>",
        "<presence to='nobody@verona.example'/>",
    ],
)
def test_answers_get_no_answer(stanza: str) -> None:
    """Nothing is said to results, errors and presence."""
    assert refusal(frame(stanza), _JID, "service-unavailable", "No.") is None


def test_results_are_no_requests() -> None:
    """A result that comes to the server ends there."""
    assert answer(frame("<iq type='result' id='6'/>"), _ACCOUNT, _JID) is None
