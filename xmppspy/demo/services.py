"""What the demo's server answers itself: roster, service discovery, ping, and errors."""

from xmppspy.demo import stanzas as xml
from xmppspy.demo.accounts import Account
from xmppspy.protocol.framing import Frame


def answer(request: Frame, account: Account, to: str) -> str | None:
    """The answer to an iq for the server or for `account` itself; None where none is due.

    Every request gets an answer, results and errors get none (RFC 6120 §8.2.3). `to` is the full
    JID of the one who asked.
    """
    if request.type not in ("get", "set"):
        return None
    if request.type == "get" and request.ns == (xml.ROSTER,):
        return _result(request, to, _roster(account))
    if request.type == "get" and request.ns == (xml.DISCO_INFO,):
        return _result(request, to, _identity())
    if request.type == "get" and request.ns == (xml.PING,):
        return _result(request, to)
    return refusal(request, to, "service-unavailable", "This server knows nothing of that.")


def refusal(stanza: Frame, to: str, condition: str, words: str) -> str | None:
    """The error that answers a stanza of `to`; None where none may be sent (RFC 6120 §8.3.1)."""
    if stanza.kind == "presence" or stanza.type in ("error", "result"):
        return None
    error = xml.stanza_error("cancel", condition, words)
    return xml.element(stanza.kind, error, type="error", id=stanza.id, from_=stanza.to, to=to)


def _result(request: Frame, to: str, *payload: str) -> str:
    return xml.element("iq", *payload, type="result", id=request.id, from_=request.to, to=to)


def _roster(account: Account) -> str:
    items = [
        xml.element(
            "item", xml.text("group", contact.group),
            jid=contact.jid, name=contact.name, subscription="both",
        )
        for contact in account.contacts
    ]  # fmt: skip
    return xml.element("query", *items, xmlns=xml.ROSTER)


def _identity() -> str:
    identity = xml.element("identity", category="server", type="im", name="xmppspy demo")
    features = [xml.element("feature", var=name) for name in (xml.DISCO_INFO, xml.PING)]
    return xml.element("query", identity, *features, xmlns=xml.DISCO_INFO)
