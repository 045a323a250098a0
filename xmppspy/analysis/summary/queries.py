"""Small questions and answers: ping, version, time, activity, services, gateways, search, MIX."""

from typing import Final

from xmppspy.analysis.summary import tree
from xmppspy.analysis.summary.forms import form, form_in, node
from xmppspy.analysis.summary.setting import Setting
from xmppspy.analysis.summary.table import Entry, Table, flag, said
from xmppspy.analysis.words import (
    counted,
    duration,
    joined,
    listed,
    moment,
    quoted,
    word,
)
from xmppspy.protocol.readable import Element

_FORMS: Final = "jabber:x:data"
_TEXT_ROOM: Final = 60


def _version(element: Element, setting: Setting) -> str:
    """`Gajim 1.9 Linux`."""
    told = [word(tree.child_text(element, name)) for name in ("name", "version", "os")]
    return joined(told) or ("" if setting.type == "get" else "(nothing told)")


def _time(element: Element, setting: Setting) -> str:
    told = moment(tree.child_text(element, "utc")), word(tree.child_text(element, "tzo"))
    return joined(told) or ("" if setting.type == "get" else "(nothing told)")


def _last(element: Element, setting: Setting) -> str:
    seconds, status = element.get("seconds"), tree.text(element)
    if seconds is None and setting.type == "get":
        return ""
    return joined([duration(seconds) or "?", "ago", quoted(status, _TEXT_ROOM) if status else ""])


def _idle(element: Element, _setting: Setting) -> str:
    return f"idle since {moment(element.get('since'))}"


def _services(element: Element, setting: Setting) -> str:
    """External Service Discovery (XEP-0215); credentials are not told."""
    found = [
        joined([word(each.get("type")), word(each.get("host")), word(each.get("port"))], ":")
        for each in tree.children(element, "service")
    ]
    if setting.type == "get":
        return joined([word(element.get("type")), listed(found)])
    return listed(found) or "none"


def _gateway(element: Element, _setting: Setting) -> str:
    prompt, jid = tree.child_text(element, "prompt"), tree.child_text(element, "jid")
    said = quoted(prompt, _TEXT_ROOM) if prompt else ""
    return joined([word(jid), said]) or word(tree.child_text(element, "desc"))


def _search(element: Element, setting: Setting) -> str:
    """Jabber Search (XEP-0055): fields wanted or offered, looked for, found."""
    items = tree.count(element, "item")
    names = [word(tree.local(each)) for each in tree.children(element)]
    fields = [name for name in names if name not in ("item", "x", "instructions")]
    inside = form_in(element)
    if setting.type == "get":
        return "fields?"
    if setting.type == "set":
        return f"by {listed(fields)}" if fields else joined(["by", inside])
    if inside:
        return inside
    return f"fields {listed(fields)}" if fields else counted(items, "match", "matches")


def _confirm(element: Element, _setting: Setting) -> str:
    """Verifying HTTP Requests (XEP-0070); the id and the URL's query are secret."""
    url = (element.get("url") or "").partition("?")[0]
    return joined([word(element.get("method")), word(url)])


def _http(element: Element, _setting: Setting) -> str:
    """HTTP over XMPP (XEP-0332)."""
    status = joined([word(element.get("statusCode")), word(element.get("statusMessage"))])
    resource = word((element.get("resource") or "").partition("?")[0])
    return joined([word(element.get("method")), resource, status])


def _join(element: Element, setting: Setting) -> str:
    """Joining a MIX channel (XEP-0369 §7.1)."""
    nodes = [node(each.get("node")) for each in tree.children(element, "subscribe")]
    nick = tree.child_text(element, "nick")
    return joined(
        [
            setting.who(element.get("channel") or element.get("jid")) or word(element.get("id")),
            f"as {word(nick)}" if nick else "",
            f"[{listed(nodes)}]" if nodes else "",
        ]
    )


def _by_server(element: Element, setting: Setting) -> str:
    """A client has its server join or leave a channel (XEP-0405)."""
    inner = tree.child(element)
    channel = setting.who(element.get("channel"))
    return joined([channel, "" if inner is None else _join(inner, setting)])


def _channel(element: Element, setting: Setting) -> str:
    return joined([word(element.get("channel")), _mix_nick(element, setting)])


def _mix_nick(element: Element, _setting: Setting) -> str:
    return word(tree.child_text(element, "nick"))


def _participant(element: Element, setting: Setting) -> str:
    return joined([_mix_nick(element, setting), setting.who(tree.child_text(element, "jid"))])


def _mix_sender(element: Element, setting: Setting) -> str:
    return f"from {_participant(element, setting) or '?'}"


def _xdata(element: Element, _setting: Setting) -> str:
    inside = tree.of(element, _FORMS, "x")
    return "" if inside is None else form(inside)


TABLE: Final[Table] = {
    "{urn:xmpp:ping}ping": said("ping"),
    "{jabber:iq:version}query": Entry("version", _version),
    "{urn:xmpp:time}time": Entry("time", _time),
    "{jabber:iq:time}query": Entry("time", _time),
    "{jabber:iq:last}query": Entry("last activity", _last),
    "{urn:xmpp:idle}idle": flag(_idle),
    "{urn:xmpp:extdisco}services": Entry("external services", _services),
    "{urn:xmpp:extdisco}credentials": Entry("external service credentials", _services),
    "{jabber:iq:gateway}query": Entry("gateway", _gateway),
    "{jabber:iq:search}query": Entry("search", _search),
    "{http://jabber.org/protocol/http-auth}confirm": Entry("confirm HTTP request", _confirm),
    "{urn:xmpp:http}req": Entry("HTTP request", _http),
    "{urn:xmpp:http}resp": Entry("HTTP response", _http),
    "{urn:xmpp:xdata:dynamic}submit": Entry("dynamic", _xdata),
    "{urn:xmpp:xdata:dynamic}updated": Entry("dynamic, updated:", _xdata),
    "{urn:xmpp:mix:core}join": Entry("joins channel", _join),
    "{urn:xmpp:mix:core}leave": said("leaves channel"),
    "{urn:xmpp:mix:core}setnick": Entry("sets channel nick", _mix_nick),
    "{urn:xmpp:mix:core}create": Entry("creates channel", _channel),
    "{urn:xmpp:mix:core}destroy": Entry("destroys channel", _channel),
    "{urn:xmpp:mix:core}update-subscription": Entry("channel subscription", _join),
    "{urn:xmpp:mix:core}participant": Entry("participant", _participant),
    "{urn:xmpp:mix:core}mix": flag(_mix_sender),
    "{urn:xmpp:mix:pam}client-join": Entry("joins channel", _by_server),
    "{urn:xmpp:mix:pam}client-leave": Entry("leaves channel", _by_server),
}
