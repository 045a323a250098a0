"""Files and bytes: in-band and SOCKS5 bytestreams, upload slots, offers, shared files."""

from typing import Final

from xmppspy.analysis.summary import tree
from xmppspy.analysis.summary.setting import Setting
from xmppspy.analysis.summary.table import Entry, Table
from xmppspy.analysis.words import (
    address,
    counted,
    decoded_size,
    duration,
    joined,
    listed,
    quoted,
    size,
    size_said,
    word,
)
from xmppspy.protocol.readable import Element

_IBB: Final = "{http://jabber.org/protocol/ibb}"
_NAME_ROOM: Final = 60


def _ibb_open(element: Element, _setting: Setting) -> str:
    block = element.get("block-size")
    return joined(
        [
            word(element.get("sid")),
            f"blocks of {word(block)} B" if block else "",
            word(element.get("stanza")),
        ]
    )


def _ibb_data(element: Element, _setting: Setting) -> str:
    sequence = word(element.get("seq")) or "?"
    return f"#{sequence} {decoded_size(tree.text(element)):,} B {word(element.get('sid'))}"


def _ibb_close(element: Element, _setting: Setting) -> str:
    return word(element.get("sid"))


def _socks5(element: Element, setting: Setting) -> str:
    """SOCKS5 Bytestreams (XEP-0065)."""
    hosts = [
        joined([word(each.get("host")), word(each.get("port"))], ":")
        for each in tree.children(element, "streamhost")
    ]
    used, activated = tree.child(element, "streamhost-used"), tree.child(element, "activate")
    if used is not None:
        said = f"uses {setting.who(used.get('jid'))}"
    elif activated is not None:
        said = f"activate for {setting.who(tree.text(activated))}"
    else:
        said = f"hosts {listed(hosts)}" if hosts else "hosts?"
    return joined([said, word(element.get("sid"))])


def _slot_wanted(element: Element, _setting: Setting) -> str:
    name = element.get("filename") or tree.child_text(element, "filename")
    length = element.get("size") or tree.child_text(element, "size")
    kind = element.get("content-type") or tree.child_text(element, "content-type")
    return joined(
        [f"slot for {quoted(name, _NAME_ROOM)}" if name else "slot?", size_said(length), word(kind)]
    )


def _slot(element: Element, _setting: Setting) -> str:
    put, get = tree.child(element, "put"), tree.child(element, "get")
    urls = [
        f"{name} {address(each.get('url') or tree.text(each))}"
        for name, each in (("PUT", put), ("GET", get))
        if each is not None
    ]
    return f"slot {', '.join(urls)}" if urls else "slot (empty)"


def _offer(element: Element, _setting: Setting) -> str:
    """Stream Initiation (XEP-0095) of a file (XEP-0096)."""
    file = tree.child(element, "file")
    if file is None:
        return f"accepted {word(element.get('id'))}" if tree.child(element) is not None else "empty"
    name = file.get("name")
    return joined(["file", quoted(name, _NAME_ROOM) if name else "", size_said(file.get("size"))])


def _bits(element: Element, setting: Setting) -> str:
    """Bits of Binary (XEP-0231)."""
    cid = word(element.get("cid"))
    if setting.type == "get":
        return f"? {cid}"
    age = element.get("max-age")
    return joined(
        [
            word(element.get("type")),
            size(decoded_size(tree.text(element))),
            cid,
            f"keep {duration(age)}" if age else "",
        ]
    )


def _shared(element: Element, _setting: Setting) -> str:
    """File metadata and where the file is (XEP-0446, XEP-0447, XEP-0385)."""
    file = next(element.iter("{*}file"), None)
    if file is None:
        return word(element.get("id"))
    name = tree.child_text(file, "name")
    length, kind = tree.child_text(file, "size"), tree.child_text(file, "media-type")
    sources = tree.child(element, "sources")
    return joined(
        [
            quoted(name, _NAME_ROOM) if name else "",
            word(kind),
            size_said(length),
            "" if sources is None else counted(tree.count(sources), "source"),
        ]
    )


TABLE: Final[Table] = {
    f"{_IBB}open": Entry("ibb open", _ibb_open),
    f"{_IBB}data": Entry("ibb data", _ibb_data),
    f"{_IBB}close": Entry("ibb close", _ibb_close),
    "{http://jabber.org/protocol/bytestreams}query": Entry("s5b", _socks5),
    "{urn:xmpp:http:upload}request": Entry("upload", _slot_wanted),
    "{urn:xmpp:http:upload}slot": Entry("upload", _slot),
    "{eu:siacs:conversations:http:upload}request": Entry("upload", _slot_wanted),
    "{eu:siacs:conversations:http:upload}slot": Entry("upload", _slot),
    "{http://jabber.org/protocol/si}si": Entry("stream initiation", _offer),
    "{urn:xmpp:bob}data": Entry("bits", _bits),
    "{urn:xmpp:sfs}file-sharing": Entry("file", _shared),
    "{urn:xmpp:sims}media-sharing": Entry("file", _shared),
    "{urn:xmpp:file:metadata}file": Entry("file", _shared),
}
