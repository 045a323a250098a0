"""What people tell about themselves: vCards, avatars, moods and the like, mostly by PEP."""

from typing import Final

from xmppspy.analysis.summary import tree
from xmppspy.analysis.summary.setting import Setting
from xmppspy.analysis.summary.table import Entry, Table, flag
from xmppspy.analysis.words import (
    address,
    counted,
    decoded_size,
    joined,
    listed,
    quoted,
    size,
    size_said,
    word,
)
from xmppspy.protocol.readable import Element

_NAME_ROOM: Final = 40
_SHORT_HASH: Final = 8


def _vcard(element: Element, setting: Setting) -> str:
    """`"Juliet" photo image/png 4,100 B`; a request holds nothing."""
    if setting.type == "get":
        return ""
    name = tree.child_text(element, "FN") or tree.child_text(element, "NICKNAME")
    photo = tree.child(element, "PHOTO")
    fields = counted(tree.count(element), "field")
    return joined([quoted(name, _NAME_ROOM) if name else "", f"({fields})", _photo(photo)])


def _photo(photo: Element | None) -> str:
    if photo is None:
        return ""
    external = tree.child_text(photo, "EXTVAL")
    if external:
        return f"photo at {address(external)}"
    binary = tree.child_text(photo, "BINVAL")
    return joined(["photo", word(tree.child_text(photo, "TYPE")), size(decoded_size(binary))])


def _vcard4(element: Element, setting: Setting) -> str:
    if setting.type == "get":
        return ""
    name = tree.child_text(tree.child(element, "fn"), "text")
    fields = counted(tree.count(element), "field")
    return joined([quoted(name, _NAME_ROOM) if name else "", f"({fields})"])


def _vcard_update(element: Element, _setting: Setting) -> str:
    """vCard-Based Avatars (XEP-0153 §3.1)."""
    photo = tree.child(element, "photo")
    if photo is None:
        return "avatar not ready"
    sha1 = word(tree.text(photo))
    return f"avatar={sha1[:_SHORT_HASH]}…" if sha1 else "no avatar"


def _avatar_metadata(element: Element, _setting: Setting) -> str:
    infos = [
        joined(
            [word(info.get("type")), size_said(info.get("bytes")), _pixels(info)],
        )
        for info in tree.children(element, "info")
    ]
    return listed(infos) or "none"


def _pixels(info: Element) -> str:
    width, height = word(info.get("width")), word(info.get("height"))
    return f"{width}×{height}" if width and height else ""


def _sized(element: Element, _setting: Setting) -> str:
    return size(decoded_size(tree.text(element)))


def _old_avatar(element: Element, _setting: Setting) -> str:
    data = tree.child(element, "data")
    if data is None:
        return "hash" if tree.child(element, "hash") is not None else ""
    return joined([word(data.get("mimetype")), size(decoded_size(tree.text(data)))])


def _nick(element: Element, _setting: Setting) -> str:
    return quoted(tree.text(element), _NAME_ROOM)


def _specific(element: Element, _setting: Setting) -> str:
    """Moods and activities: the names of elements, nested by how much they say, and a text."""
    names, said = [], tree.child_text(element, "text")
    for each in tree.children(element):
        if tree.local(each) != "text":
            names += [word(tree.local(each)), *(word(tree.local(e)) for e in tree.children(each))]
    return joined(["/".join(names[:3]) or "none", quoted(said, _NAME_ROOM) if said else ""])


def _tune(element: Element, _setting: Setting) -> str:
    title, artist = tree.child_text(element, "title"), tree.child_text(element, "artist")
    if not title and not artist:
        return "stopped" if tree.child(element) is None else "playing"
    return joined(
        [quoted(title, _NAME_ROOM) if title else "", f"by {word(artist)}" if artist else ""]
    )


def _location(element: Element, _setting: Setting) -> str:
    wanted = ("locality", "region", "country", "lat", "lon")
    found = [word(tree.child_text(element, name)) for name in wanted]
    return joined(found, ", ") or ("unknown" if tree.child(element) is None else "given")


def _entry(element: Element, _setting: Setting) -> str:
    """An Atom entry: a post of a blog (XEP-0277)."""
    title = tree.child_text(element, "title") or tree.child_text(element, "summary")
    return quoted(title, _NAME_ROOM) if title else ""


def _displayed(element: Element, _setting: Setting) -> str:
    """Message Displayed Synchronization (XEP-0490)."""
    stanza = tree.child(element, "stanza-id")
    return "" if stanza is None else word(stanza.get("id"))


TABLE: Final[Table] = {
    "{vcard-temp}vCard": Entry("vcard", _vcard),
    "{urn:ietf:params:xml:ns:vcard-4.0}vcard": Entry("vcard4", _vcard4),
    "{vcard-temp:x:update}x": flag(_vcard_update),
    "{urn:xmpp:avatar:metadata}metadata": Entry("avatar", _avatar_metadata),
    "{urn:xmpp:avatar:data}data": Entry("avatar data", _sized),
    "{jabber:iq:avatar}query": Entry("avatar", _old_avatar),
    "{storage:client:avatar}query": Entry("avatar", _old_avatar),
    "{jabber:x:avatar}x": flag("avatar hash"),
    "{http://jabber.org/protocol/mood}mood": Entry("mood", _specific),
    "{http://jabber.org/protocol/activity}activity": Entry("activity", _specific),
    "{http://jabber.org/protocol/tune}tune": Entry("tune", _tune),
    "{http://jabber.org/protocol/geoloc}geoloc": Entry("location", _location),
    "{http://www.w3.org/2005/Atom}entry": Entry("post", _entry),
    "{urn:xmpp:mds:displayed}displayed": Entry("displayed up to", _displayed),
}
