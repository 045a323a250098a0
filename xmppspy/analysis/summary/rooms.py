"""Multi-user chat (XEP-0045): occupants, status codes, invitations, administration."""

from typing import Final

from xmppspy.analysis.summary import tree
from xmppspy.analysis.summary.forms import form
from xmppspy.analysis.summary.setting import Setting
from xmppspy.analysis.summary.table import Entry, Role, Table, flag
from xmppspy.analysis.words import MASK, counted, joined, listed, named, quoted, word
from xmppspy.protocol.readable import Element

_REASON_ROOM: Final = 60
_SELF: Final = "110"

STATUS: Final = {
    "100": "occupants see full JIDs",
    "101": "affiliation changed",
    "102": "unavailable members shown",
    "103": "unavailable members not shown",
    "104": "configuration changed",
    "110": "self-presence",
    "170": "logging on",
    "171": "logging off",
    "172": "now non-anonymous",
    "173": "now semi-anonymous",
    "174": "now fully anonymous",
    "201": "room created",
    "210": "nick assigned by the room",
    "301": "banned",
    "303": "new nick",
    "307": "kicked",
    "321": "removed, affiliation changed",
    "322": "removed, room is now members-only",
    "332": "removed, service shuts down",
    "333": "removed, connection error",
}
"""The status codes of XEP-0045 §15.6.2, in words."""

_BAN: Final = ("outcast",)
_ROLES: Final = {"none": "kicks", "visitor": "takes voice from", "participant": "gives voice to"}


def _reason(element: Element | None) -> str:
    reason = tree.child_text(element, "reason")
    return quoted(reason, _REASON_ROOM) if reason else ""


def statuses(element: Element) -> list[str]:
    """The status codes in an element, in words."""
    codes = [word(each.get("code")) for each in tree.children(element, "status")]
    return [f"{code} {STATUS[code]}" if code in STATUS else code for code in codes if code]


def _nick(jid: str | None) -> str:
    return word((jid or "").partition("/")[2])


def _room(jid: str | None) -> str:
    return word((jid or "").partition("/")[0])


def _join(element: Element, setting: Setting) -> str:
    """What enters a room, or leaves the mark of entering on an answer."""
    history = tree.child(element, "history")
    asked = (
        []
        if history is None
        else [f"{word(key)}={word(value)}" for key, value in tree.attributes(history)]
    )
    nick = _nick(setting.stanza.get("to"))
    with_password = tree.child(element, "password") is not None
    details = [
        f"history {' '.join(asked)}" if asked else "",
        f"password {MASK}" if with_password else "",
    ]
    return joined(
        [
            f"joins {_room(setting.stanza.get('to')) or 'room'}",
            f"as {nick}" if nick else "",
            f"({joined(details, ', ')})" if any(details) else "",
        ]
    )


def _user(element: Element, setting: Setting) -> str:
    """What a room says of an occupant or of itself, or an invitation by way of it."""
    for name, describe in _USER.items():
        found = tree.child(element, name)
        if found is not None:
            return describe(found, setting)
    item = tree.child(element, "item")
    if item is not None:
        return _occupant(element, item, setting)
    if tree.child(element, "password") is not None:
        return f"room password {MASK}"
    return f"room {joined(statuses(element), ', ') or tree.names(element) or 'remark'}"


def _occupant(element: Element, item: Element, setting: Setting) -> str:
    """`me, occupant Romeo, participant/none`, and what happened to them."""
    codes = {each.get("code") for each in tree.children(element, "status")}
    is_self = _SELF in codes
    rank = f"{word(item.get('role')) or '?'}/{word(item.get('affiliation')) or '?'}"
    nick = _nick(setting.stanza.get("from")) or word(item.get("nick"))
    said = [status for status in statuses(element) if not status.startswith(_SELF)]
    if new := item.get("nick") if "303" in codes else None:
        said = [f"303 new nick {word(new)}"]
    actor = tree.child(item, "actor")
    jid = setting.who(item.get("jid"))
    return joined(
        [
            f"{'me as' if is_self else 'occupant'} {nick or '?'} ({rank})",
            f"jid={jid}" if jid else "",
            f"[{', '.join(said)}]" if said else "",
            "" if actor is None else f"by {word(actor.get('nick') or actor.get('jid'))}",
            _reason(item),
            _destroyed(element),
        ]
    )


def _destroyed(element: Element) -> str:
    destroy = tree.child(element, "destroy")
    return "" if destroy is None else _destroy(destroy, None)


def _destroy(element: Element, _setting: Setting | None) -> str:
    instead = word(element.get("jid"))
    return joined(["room destroyed", f"→ {instead}" if instead else "", _reason(element)])


def _invite(element: Element, setting: Setting) -> str:
    to, by = setting.who(element.get("to")), setting.who(element.get("from"))
    password = tree.child(element.getparent(), "password")
    return joined(
        [
            f"invites {to}" if to else "invited",
            f"by {by}" if by else "",
            f"to {_room(setting.stanza.get('to' if to else 'from'))}",
            _reason(element),
            f"password {MASK}" if password is not None else "",
        ]
    )


def _decline(element: Element, setting: Setting) -> str:
    to, by = setting.who(element.get("to")), setting.who(element.get("from"))
    return joined(
        [
            "declines invitation" if to else "invitation declined",
            f"of {to}" if to else f"by {by}" if by else "",
            _reason(element),
        ]
    )


_USER: Final = {"invite": _invite, "decline": _decline}


def _direct_invitation(element: Element, _setting: Setting) -> str:
    """Direct MUC Invitations (XEP-0249)."""
    reason = element.get("reason")
    return joined(
        [
            f"invites to {word(element.get('jid')) or 'a room'}",
            quoted(reason, _REASON_ROOM) if reason else "",
            f"password {MASK}" if element.get("password") else "",
        ]
    )


def _admin(element: Element, setting: Setting) -> str:
    items = tree.children(element, "item")
    if setting.type == "set":
        return listed([_change(each, setting) for each in items]) or "changes nothing"
    if setting.type == "result":
        ranks = dict.fromkeys(word(each.get("affiliation") or each.get("role")) for each in items)
        told = f"({listed(filter(None, ranks))})" if items else ""
        return joined(["room list:", counted(len(items), "item"), told])
    wanted = [named(affiliation=each.get("affiliation"), role=each.get("role")) for each in items]
    return f"room list? {listed(wanted)}"


def _change(item: Element, setting: Setting) -> str:
    """What a moderator or an admin does to somebody (XEP-0045 §8-10)."""
    role, affiliation = item.get("role"), item.get("affiliation")
    nick, jid = word(item.get("nick")), setting.who(item.get("jid"))
    # Roles are of nicks in a room, affiliations of accounts.
    whom = (nick or jid if affiliation is None else jid or nick) or "?"
    if affiliation in _BAN:
        deed = f"bans {whom}"
    elif affiliation is not None:
        deed = f"sets affiliation {word(affiliation)} for {whom}"
    elif role in _ROLES:
        deed = f"{_ROLES[role]} {whom}"
    else:
        deed = f"sets role {word(role) or '?'} for {whom}"
    return joined([deed, _reason(item)])


def _owner(element: Element, setting: Setting) -> str:
    destroy = tree.child(element, "destroy")
    if destroy is not None:
        instead = word(destroy.get("jid"))
        return joined(["destroys the room", f"→ {instead}" if instead else "", _reason(destroy)])
    inside = tree.child(element, "x")
    if inside is None:
        return "room configuration?" if setting.type == "get" else "room configuration"
    if inside.get("type") == "submit" and tree.child(inside) is None:
        return "room configuration: as it is (instant room)"
    return f"room configuration {form(inside)}"


def _unique(element: Element, _setting: Setting) -> str:
    return word(tree.text(element)) or "?"


def _hats(element: Element, _setting: Setting) -> str:
    titles = [word(each.get("title")) for each in tree.children(element, "hat")]
    return f"hats {listed(titles)}" if titles else "no hats"


TABLE: Final[Table] = {
    "{http://jabber.org/protocol/muc}x": Entry("", _join),
    "{http://jabber.org/protocol/muc#user}x": Entry("", _user, Role.INSTEAD),
    "{jabber:x:conference}x": Entry("", _direct_invitation, Role.INSTEAD),
    "{http://jabber.org/protocol/muc#admin}query": Entry("", _admin),
    "{http://jabber.org/protocol/muc#owner}query": Entry("", _owner),
    "{http://jabber.org/protocol/muc#unique}unique": Entry("unique room name", _unique),
    "{urn:xmpp:hats}hats": flag(_hats),
}
