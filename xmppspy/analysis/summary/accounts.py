"""What a client arranges with its server: binding, registration, carbons, push, activity."""

from typing import Final

from xmppspy.analysis.summary import tree
from xmppspy.analysis.summary.forms import form, node, values
from xmppspy.analysis.summary.setting import Setting
from xmppspy.analysis.summary.table import Entry, Table, nothing, said
from xmppspy.analysis.words import MASK, joined, listed, named, word
from xmppspy.protocol.readable import Element

_FORMS: Final = "jabber:x:data"
_SECRET: Final = frozenset({"password", "digest", "hash", "token", "sequence", "key", "misc"})


def _bind(element: Element, setting: Setting) -> str:
    """Resource binding (RFC 6120 §7)."""
    jid = tree.child_text(element, "jid")
    if jid:
        return f"bound {word(jid)}"
    resource = tree.child_text(element, "resource")
    return joined([tree.local(element), named(resource=resource)]) + (
        "?" if not resource and setting.type == "set" else ""
    )


def _register(element: Element, setting: Setting) -> str:
    """In-Band Registration (XEP-0077): wanted, offered, done, cancelled."""
    inside = tree.of(element, _FORMS, "x")
    fields = [each for each in tree.children(element) if each != inside]
    names = [tree.local(each) for each in fields]
    if setting.type == "get":
        return "fields?"
    if "remove" in names:
        return "cancels the registration"
    if setting.type == "result":
        return _offered(element, names, inside)
    filled = _credentials(fields)
    if inside is not None:
        user = values(inside).get("username")
        filled += named(user=user) + (" " if user else "") + form(inside)
    return filled or "(no fields)"


def _offered(element: Element, names: list[str], inside: Element | None) -> str:
    is_registered = "registered" in names
    fields = [word(name) for name in names if name not in ("registered", "instructions")]
    return (
        joined(
            [
                "already registered" if is_registered else "",
                named(user=tree.child_text(element, "username")) if is_registered else "",
                f"fields {listed(fields, 5)}" if fields and not is_registered else "",
                "" if inside is None else form(inside),
            ]
        )
        or "nothing to fill in"
    )


def _credentials(fields: list[Element]) -> str:
    """`user=bill password=•••`; of other fields only their names."""
    told, others = [], []
    for each in fields:
        name = tree.local(each)
        if name in ("username", "resource"):
            told.append(f"{'user' if name == 'username' else name}={word(tree.text(each)) or '?'}")
        elif name in _SECRET:
            told.append(f"{name}={MASK}" if tree.text(each) else name)
        else:
            others.append(word(name))
    return joined([*told, f"with {listed(others)}" if others else ""])


def _login(element: Element, setting: Setting) -> str:
    """Non-SASL authentication (XEP-0078)."""
    fields = tree.children(element)
    if setting.type == "result":
        names = [word(tree.local(each)) for each in fields]
        return f"fields {listed(names, 5)}" if names else "done"
    return joined(["fields?" if setting.type == "get" else "", _credentials(fields)])


def _push(element: Element, setting: Setting) -> str:
    """Push Notifications (XEP-0357)."""
    of = element.get("node")
    return joined([setting.who(element.get("jid")), f"node={node(of)}" if of else ""])


def _pushed(element: Element, _setting: Setting) -> str:
    summary = tree.of(element, _FORMS, "x")
    found = {} if summary is None else values(summary)
    return named(
        messages=found.get("message-count"),
        pending_subscriptions=found.get("pending-subscription-count"),
    )


def _visibility(element: Element, _setting: Setting) -> str:
    return named(probe=element.get("probe"))


def _clients(element: Element, _setting: Setting) -> str:
    """Client Access Management (XEP-0494)."""
    names = [
        word(tree.child_text(tree.child(each, "user-agent"), "software") or each.get("id"))
        for each in tree.children(element, "client")
    ]
    return f"({listed(names)})" if names else word(element.get("id"))


TABLE: Final[Table] = {
    "{urn:ietf:params:xml:ns:xmpp-bind}bind": Entry("", _bind),
    "{urn:ietf:params:xml:ns:xmpp-bind}unbind": Entry("", _bind),
    "{urn:ietf:params:xml:ns:xmpp-session}session": said("session"),
    "{jabber:iq:register}query": Entry("register", _register),
    "{jabber:iq:auth}query": Entry("login", _login),
    "{urn:xmpp:carbons}enable": said("carbons on"),
    "{urn:xmpp:carbons}disable": said("carbons off"),
    "{urn:xmpp:push}enable": Entry("push on", _push),
    "{urn:xmpp:push}disable": Entry("push off", _push),
    "{urn:xmpp:push}notification": Entry("push notification", _pushed),
    "{urn:xmpp:pars}preauth": said(f"pre-authenticated, token {MASK}"),
    "{urn:xmpp:ibr-token}preauth": said(f"pre-authenticated, token {MASK}"),
    "{urn:xmpp:invisible}invisible": Entry("becomes invisible", _visibility),
    "{urn:xmpp:invisible}visible": Entry("becomes visible", nothing),
    "{urn:xmpp:cam}list": said("clients with access?"),
    "{urn:xmpp:cam}clients": Entry("clients with access", _clients),
    "{urn:xmpp:cam}revoke": Entry("revokes access of", _clients),
    "{urn:xmpp:csi}active": said("client active"),
    "{urn:xmpp:csi}inactive": said("client inactive"),
    "{google:queue}query": said("queue"),
}
