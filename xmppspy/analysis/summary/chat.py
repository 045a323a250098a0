"""Payloads of conversations: states, receipts, markers, edits, reactions, hints, ids."""

from typing import Final

from xmppspy.analysis.summary import tree
from xmppspy.analysis.summary.setting import Setting
from xmppspy.analysis.summary.table import Entry, Role, Table, flag, nothing, said
from xmppspy.analysis.words import (
    address,
    joined,
    listed,
    moment,
    named,
    quoted,
    word,
)
from xmppspy.protocol.readable import Element

_STATES: Final = "{http://jabber.org/protocol/chatstates}"
_MARKERS: Final = "{urn:xmpp:chat-markers}"
_HINTS: Final = "{urn:xmpp:hints}"
_EVENT: Final = "{jabber:x:event}x"
_REASON_ROOM: Final = 60


def _identified(element: Element, _setting: Setting) -> str:
    return word(element.get("id")) or "(no id)"


def _marked(element: Element, _setting: Setting) -> str:
    return joined([word(element.get("id")) or "(no id)", named(thread=element.get("thread"))])


def _reactions(element: Element, _setting: Setting) -> str:
    emoji = [word(tree.text(reaction)) for reaction in tree.children(element, "reaction")]
    id_ = word(element.get("id")) or "(no id)"
    return f"reacts {''.join(emoji[:12])} to {id_}" if emoji else f"takes back reactions to {id_}"


def _reply(element: Element, setting: Setting) -> str:
    to = setting.who(element.get("to"))
    return joined([word(element.get("id")) or "(no id)", f"of {to}" if to else ""])


def _retract(element: Element, setting: Setting) -> str:
    """A retraction, by the author or by a moderator (XEP-0424, XEP-0425)."""
    id_ = word(element.get("id")) or "(no id)"
    moderated = tree.child(element, "moderated")
    if moderated is None:
        return f"retracts {id_}"
    return _moderated(id_, element, moderated, setting)


def _moderated(id_: str, element: Element, moderated: Element, setting: Setting) -> str:
    by = setting.who(moderated.get("by"))
    return joined([f"moderated {id_}", f"by {by}" if by else "", _reason(element)])


def _moderate(element: Element, _setting: Setting) -> str:
    return joined([word(element.get("id")), _reason(element)])


def _reason(element: Element) -> str:
    reason = tree.child_text(element, "reason")
    return quoted(reason, _REASON_ROOM) if reason else ""


def _fastening(element: Element, setting: Setting) -> str:
    """What is fastened to an earlier message (XEP-0422); older moderation and retraction too."""
    id_ = word(element.get("id")) or "(no id)"
    inner = [child for child in tree.children(element) if tree.local(child) != "external"]
    names = [tree.local(child) for child in inner]
    if "moderated" in names:
        moderated = inner[names.index("moderated")]
        return _moderated(id_, moderated, moderated, setting)
    if "retract" in names:
        return f"retracts {id_}"
    parts = names + [word(e.get("name")) for e in tree.children(element, "external")]
    cleared = "clears" if element.get("clear") in ("true", "1") else "fastens"
    return f"{cleared} {listed(map(word, parts)) or 'nothing'} to {id_}"


def _stanza_id(element: Element, setting: Setting) -> str:
    by = element.get("by")
    return named(stanza_id=element.get("id"), by=setting.who(by) if by else None)


def _origin_id(element: Element, setting: Setting) -> str:
    own = element.get("id")
    return "origin-id" if own == setting.stanza.get("id") else named(origin_id=own)


def _delay(element: Element, setting: Setting) -> str:
    by = setting.who(element.get("from"))
    return joined(["delayed", moment(element.get("stamp")), f"by {by}" if by else ""])


def _fallback(element: Element, _setting: Setting) -> str:
    """What of the text is for those who do not know the payload (XEP-0428)."""
    body = tree.child(element, "body")
    is_part = body is not None and body.get("start") is not None
    return "partly fallback" if is_part else "fallback body"


def _nick(element: Element, _setting: Setting) -> str:
    return f"nick {quoted(tree.text(element), _REASON_ROOM)}"


def _spoiler(element: Element, _setting: Setting) -> str:
    hint = tree.text(element)
    return joined(["spoiler", quoted(hint, _REASON_ROOM) if hint else ""])


def _addresses(element: Element, setting: Setting) -> str:
    listed_ = [
        f"{word(each.get('type'))}:{setting.who(each.get('jid')) or word(each.get('uri'))}"
        for each in tree.children(element, "address")
    ]
    return f"addresses {listed(listed_)}"


def _reference(element: Element, setting: Setting) -> str:
    """A mention, or data with what it is (XEP-0372, XEP-0385)."""
    kind = word(element.get("type")) or "reference"
    uri = element.get("uri")
    shared = tree.child(element, "media-sharing")
    what = word(uri) if (uri or "").startswith("xmpp:") else address(uri)
    return joined([kind, what if shared is None else setting.tell(shared)])


def _typed(element: Element, _setting: Setting) -> str:
    return named(event=element.get("event"), seq=element.get("seq"))


def _active_rooms(element: Element, setting: Setting) -> str:
    """Room Activity Indicators (XEP-0437)."""
    rooms = [setting.who(tree.text(each)) for each in tree.children(element, "activity")]
    return listed(rooms) or "somewhere"


def _old_event(element: Element, _setting: Setting) -> str:
    """Message Events (XEP-0022), the elder of chat states and receipts."""
    wanted = [tree.local(child) for child in tree.children(element) if tree.local(child) != "id"]
    to = tree.child_text(element, "id")
    if tree.child(element, "id") is None:
        return f"event requested: {listed(map(word, wanted), 4)}"
    return joined(
        [f"event {listed(map(word, wanted)) or 'cancelled'}", f"for {word(to)}" if to else ""]
    )


def _ephemeral(element: Element, _setting: Setting) -> str:
    return joined(["ephemeral", f"{word(element.get('timer'))}s" if element.get("timer") else ""])


def _headers(element: Element, _setting: Setting) -> str:
    names = [word(each.get("name")) for each in tree.children(element, "header")]
    return f"headers {listed(names)}" if names else ""


def _oob(element: Element, _setting: Setting) -> str:
    url = tree.child_text(element, "url")
    description = tree.child_text(element, "desc")
    return joined(
        [address(url) or "(no URL)", quoted(description, _REASON_ROOM) if description else ""]
    )


def _label(element: Element, _setting: Setting) -> str:
    marking = tree.child_text(element, "displaymarking")
    return joined(["label", word(marking)])


TABLE: Final[Table] = {
    f"{_STATES}composing": Entry("typing…", nothing, Role.STATE),
    f"{_STATES}paused": Entry("paused typing", nothing, Role.STATE),
    f"{_STATES}active": Entry("active", nothing, Role.STATE),
    f"{_STATES}inactive": Entry("inactive", nothing, Role.STATE),
    f"{_STATES}gone": Entry("gone", nothing, Role.STATE),
    "{urn:xmpp:receipts}received": Entry("delivered", _identified),
    "{urn:xmpp:receipts}request": flag("receipt?"),
    f"{_MARKERS}markable": flag("marker?"),
    f"{_MARKERS}received": Entry("received", _marked),
    f"{_MARKERS}displayed": Entry("displayed", _marked),
    f"{_MARKERS}acknowledged": Entry("acknowledged", _marked),
    "{urn:xmpp:message-correct}replace": Entry("edit of", _identified, Role.BEFORE),
    "{urn:xmpp:reply}reply": Entry("reply to", _reply, Role.BEFORE),
    "{urn:xmpp:message-retract}retract": Entry("", _retract, Role.INSTEAD),
    "{urn:xmpp:message-retract}retracted": Entry("retracted", _identified),
    "{urn:xmpp:message-moderate}moderate": Entry("moderates", _moderate),
    "{urn:xmpp:fasten}apply-to": Entry("", _fastening, Role.INSTEAD),
    "{urn:xmpp:reactions}reactions": Entry("", _reactions, Role.INSTEAD),
    "{urn:xmpp:attention}attention": said("calls for attention"),
    "{urn:xmpp:message-attaching}attach-to": Entry("attached to", _identified, Role.BEFORE),
    "{urn:xmpp:spoiler}spoiler": flag(_spoiler),
    "{urn:xmpp:ephemeral}ephemeral": flag(_ephemeral),
    "{urn:xmpp:fallback}fallback": flag(_fallback),
    "{urn:xmpp:feature-fallback}fallback": flag(_fallback),
    "{urn:xmpp:sid}stanza-id": flag(_stanza_id),
    "{urn:xmpp:sid}origin-id": flag(_origin_id),
    "{urn:xmpp:occupant-id}occupant-id": flag(""),
    "{urn:xmpp:delay}delay": flag(_delay),
    "{jabber:x:delay}x": flag(_delay),
    f"{_HINTS}no-copy": flag("no-copy"),
    f"{_HINTS}no-store": flag("no-store"),
    f"{_HINTS}no-permanent-store": flag("no-permanent-store"),
    f"{_HINTS}store": flag("store"),
    "{urn:xmpp:carbons}private": flag("private"),
    "{http://jabber.org/protocol/nick}nick": flag(_nick),
    "{http://jabber.org/protocol/address}addresses": flag(_addresses),
    "{http://jabber.org/protocol/shim}headers": flag(_headers),
    "{http://jabber.org/protocol/xhtml-im}html": flag("xhtml"),
    "{http://jabber.org/protocol/amp}amp": flag("delivery rules"),
    "{urn:xmpp:reference}reference": flag(_reference),
    "{urn:xmpp:markup}markup": flag("markup"),
    "{urn:xmpp:styling}unstyled": flag("unstyled"),
    "{urn:xmpp:sec-label}securitylabel": flag(_label),
    "{jabber:x:oob}x": Entry("link", _oob),
    "{jabber:iq:oob}query": Entry("link", _oob),
    _EVENT: Entry("", _old_event, Role.STATE),
    "{urn:xmpp:rtt}rtt": Entry("typing in real time", _typed, Role.STATE),
    "{urn:xmpp:rai}rai": Entry("activity in", _active_rooms),
    "{urn:xmpp:stickers}sticker": flag("sticker"),
    "{google:nosave}x": flag(""),
    "{http://jabber.org/protocol/archive}record": flag(""),
}
