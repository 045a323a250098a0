"""Jingle sessions (XEP-0166 and its applications and transports), call proposals (XEP-0353)."""

from typing import Final

from xmppspy.analysis.summary import tree
from xmppspy.analysis.summary.setting import Setting
from xmppspy.analysis.summary.table import Entry, Role, Table
from xmppspy.analysis.words import counted, joined, listed, quoted, size_said, word
from xmppspy.protocol.readable import Element

_TEXT_ROOM: Final = 60
_CODECS: Final = 3
_TRANSPORTS: Final = "urn:xmpp:jingle:transports:"
_APPLICATIONS: Final = "urn:xmpp:jingle:apps:"
_WITH_CANDIDATES: Final = frozenset({"transport-info", "transport-accept", "transport-replace"})


def _jingle(element: Element, setting: Setting) -> str:
    """`session-initiate a73sj audio(opus,PCMU)+video ice-udp`."""
    action = word(element.get("action")) or "(no action)"
    contents = tree.children(element, "content")
    told = "+".join(filter(None, [_content(each) for each in contents]))
    transports = dict.fromkeys(filter(None, map(_transport, contents)))
    return joined(
        [
            action,
            word(element.get("sid")) or "(no sid)",
            told,
            " ".join(transports),
            _candidates(contents) if action in _WITH_CANDIDATES else "",
            _reason(element),
            _information(element, setting),
        ]
    )


def _content(content: Element) -> str:
    name = word(content.get("name")) or "?"
    description = tree.child(content, "description")
    if description is None:
        return name
    file = next(description.iter("{*}file"), None)
    if file is not None:
        return _file(file)
    media = word(description.get("media")) or name
    codecs = [word(each.get("name")) for each in tree.children(description, "payload-type")]
    codecs = list(dict.fromkeys(filter(None, codecs)))
    return f"{media}({listed(codecs, _CODECS, ',')})" if codecs else media


def _file(file: Element) -> str:
    name = tree.child_text(file, "name") or file.get("name")
    length = tree.child_text(file, "size") or file.get("size")
    details = joined([quoted(name, _TEXT_ROOM) if name else "", size_said(length)])
    return f"file({details})" if details else "file"


def _transport(content: Element) -> str:
    transport = tree.child(content, "transport")
    if transport is None:
        return ""
    namespace = tree.namespace(transport)
    if not namespace.startswith(_TRANSPORTS):
        return word(namespace)
    return word(namespace.removeprefix(_TRANSPORTS).rpartition(":")[0]) or word(namespace)


def _candidates(contents: list[Element]) -> str:
    found = [each for content in contents for each in content.iter("{*}candidate")]
    kinds = dict.fromkeys(word(each.get("type")) for each in found)
    details = f" ({listed(filter(None, kinds))})" if any(kinds) else ""
    return counted(len(found), "candidate") + details if found else _end_of_candidates(contents)


def _end_of_candidates(contents: list[Element]) -> str:
    """What else goes over a transport: `candidate-used`, `candidate-error`, `activated`, …."""
    said = [
        word(tree.local(each))
        for content in contents
        if (transport := tree.child(content, "transport")) is not None
        for each in tree.children(transport)
    ]
    return listed(dict.fromkeys(said))


def _reason(element: Element) -> str:
    reason = tree.child(element, "reason")
    if reason is None:
        return ""
    said = tree.child_text(reason, "text")
    names = [word(tree.local(each)) for each in tree.children(reason) if tree.local(each) != "text"]
    return joined([f"({listed(names) or 'no reason'})", quoted(said, _TEXT_ROOM) if said else ""])


def _information(element: Element, _setting: Setting) -> str:
    """What a session-info says: ringing, hold, mute, a checksum."""
    said = [
        joined([word(tree.local(each)), word(each.get("name"))])
        for each in tree.children(element)
        if tree.local(each) not in ("content", "reason")
    ]
    return listed(said)


def _proposal(element: Element, _setting: Setting) -> str:
    """A step of a call's negotiation before its session (XEP-0353)."""
    media = [
        word(each.get("media")) or _application(each)
        for each in tree.children(element, "description")
    ]
    tie = tree.child(element, "tie-break") is not None
    migrated = tree.child(element, "migrated")
    return joined(
        [
            word(tree.local(element)),
            word(element.get("id")) or "(no id)",
            "+".join(filter(None, media)),
            _reason(element),
            "tie-break" if tie else "",
            "" if migrated is None else f"migrated to {word(migrated.get('to'))}",
        ]
    )


def _application(description: Element) -> str:
    name = tree.namespace(description).removeprefix(_APPLICATIONS)
    return word(name.rpartition(":")[0] or name)


def _invitation(element: Element, _setting: Setting) -> str:
    """Call Invites (XEP-0482)."""
    jingle = tree.child(element, "jingle")
    video = element.get("video") in ("true", "1")
    return joined(
        [
            word(tree.local(element)),
            word(element.get("id")),
            "video" if video else "",
            "" if jingle is None else f"session {word(jingle.get('sid'))}",
        ]
    )


TABLE: Final[Table] = {
    "{urn:xmpp:jingle}jingle": Entry("jingle", _jingle),
    "{urn:xmpp:tmp:jingle}jingle": Entry("jingle", _jingle),
    "{http://www.xmpp.org/extensions/xep-0166.html#ns}jingle": Entry("jingle", _jingle),
} | {
    f"{{urn:xmpp:jingle-message}}{name}": Entry("call", _proposal, Role.INSTEAD)
    for name in ("propose", "ringing", "proceed", "accept", "retract", "reject", "finish")
} | {
    f"{{urn:xmpp:call-invites}}{name}": Entry("call", _invitation, Role.INSTEAD)
    for name in ("invite", "accept", "reject", "left", "retract")
}  # fmt: skip
