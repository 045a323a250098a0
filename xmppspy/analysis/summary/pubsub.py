"""Publish-subscribe (XEP-0060) and personal eventing (XEP-0163): requests, results, events."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from xmppspy.analysis.summary import tree
from xmppspy.analysis.summary.archive import page
from xmppspy.analysis.summary.forms import form_in, node
from xmppspy.analysis.summary.setting import Setting
from xmppspy.analysis.summary.table import Entry, Table
from xmppspy.analysis.words import counted, joined, listed, named, word
from xmppspy.protocol.readable import Element

_OWNER: Final = "{http://jabber.org/protocol/pubsub#owner}"
_FORMS: Final = "jabber:x:data"
_SELF_EVIDENT_ID: Final = "current"
"""The usual id of the only item of a node (XEP-0163)."""

_Action: TypeAlias = Callable[[Element, Setting], str]


def _node(element: Element) -> str:
    return node(element.get("node")) or "(no node)"


def _node_or_all(element: Element) -> str:
    return node(element.get("node"))


def _item(element: Element, setting: Setting) -> str:
    """An item by its id and what is in it."""
    payload = tree.child(element)
    id_ = element.get("id")
    publisher = setting.who(element.get("publisher"))
    return joined(
        [
            "" if payload is None else setting.tell(payload),
            f"item={word(id_)}" if id_ and id_ != _SELF_EVIDENT_ID else "",
            f"by {publisher}" if publisher else "",
        ]
    )


def _contents(element: Element, setting: Setting) -> str:
    """The items in an element: one by its content, several by their number."""
    items = tree.children(element, "item")
    retracted = [word(each.get("id")) for each in tree.children(element, "retract")]
    parts = []
    if len(items) == 1:
        parts.append(_item(items[0], setting))
    elif items:
        parts.append(counted(len(items), "item"))
    if retracted:
        parts.append(f"retracted {listed(retracted)}")
    return joined(parts, ", ")


def _published(element: Element, setting: Setting) -> str:
    verb = "published" if setting.type == "result" else "publish"
    content = _contents(element, setting)
    if not content and setting.type != "result":
        content = "(no item)"
    return joined([verb, _at(_node(element), content, ""), _options(element)])


def _at(node: str, content: str, mark: str) -> str:
    """What a node holds; a node that is named after what it holds is not named twice."""
    return content if content.startswith(f"{node} ") else joined([f"{node}{mark}", content])


def _options(element: Element) -> str:
    options = tree.child(element.getparent(), "publish-options")
    return "" if options is None else "[with options]"


def _items(element: Element, setting: Setting) -> str:
    """Items wanted, or handed over."""
    if setting.type == "result":
        return _holding(element, setting)
    wanted = [word(each.get("id")) for each in tree.children(element, "item")]
    most = element.get("max_items")
    parent = element.getparent()
    return joined(
        [
            f"items? {_node(element)}",
            f"item={listed(wanted)}" if wanted else "",
            f"max={word(most)}" if most else "",
            "" if parent is None else page(parent),
        ]
    )


def _holding(element: Element, setting: Setting) -> str:
    return _at(_node(element), _contents(element, setting) or "no items", ":")


def _retraction(element: Element, _setting: Setting) -> str:
    ids = [word(each.get("id")) for each in tree.children(element, "item")]
    return f"retract {_node(element)} item={listed(ids) or '?'}"


def _subscription(element: Element, setting: Setting) -> str:
    """The state of a subscription."""
    return joined(
        [
            "subscription",
            _node_or_all(element) or "(root)",
            f"{setting.who(element.get('jid'))}:" if element.get("jid") else "",
            word(element.get("subscription")) or "?",
            named(subid=element.get("subid")),
        ]
    )


def _listing(noun: str, plural: str, key: str) -> _Action:
    """Describes `subscriptions` and `affiliations`, wanted, told or changed."""

    def describe(element: Element, setting: Setting) -> str:
        entries = [each for each in tree.children(element) if tree.local(each) == noun]
        of = _node_or_all(element)
        if not entries:
            return joined([plural if setting.type != "get" else f"{plural}?", of])
        told = [
            joined(
                [setting.who(each.get("jid")) or node(each.get("node")), word(each.get(key))], "="
            )
            for each in entries
        ]
        return f"{plural} {joined([of, f'({listed(told)})'])}"

    return describe


def _with_form(verb: str) -> _Action:
    """Describes what comes with a form, as a question when the form is wanted."""

    def describe(element: Element, setting: Setting) -> str:
        form = form_in(element)
        wants = setting.type == "get" and not form
        return joined([f"{verb}{'?' if wants else ''}", _node_or_all(element), form])

    return describe


def _verb(verb: str) -> _Action:
    """Describes what is done to a node."""

    def describe(element: Element, setting: Setting) -> str:
        jid = setting.who(element.get("jid"))
        return joined(
            [
                verb,
                _node_or_all(element),
                f"as {jid}" if jid else "",
                named(subid=element.get("subid")),
            ]
        )

    return describe


def _deletion(element: Element, _setting: Setting) -> str:
    redirect = tree.child(element, "redirect")
    instead = "" if redirect is None else f"→ {word(redirect.get('uri'))}"
    return joined([f"delete {_node(element)}", instead])


def _create(element: Element, setting: Setting) -> str:
    parent = element.getparent()
    configure = None if parent is None else tree.child(parent, "configure")
    form = "" if configure is None else form_in(configure)
    verb = "created" if setting.type == "result" else "create"
    name = _node_or_all(element) or "instant node"
    return joined([verb, name, f"with {form}" if form else ""])


def _collection(element: Element, _setting: Setting) -> str:
    changes = [f"{tree.local(each)} {_node(each)}" for each in tree.children(element)]
    return joined(["collection", _node_or_all(element), listed(changes)])


_ACTIONS: Final[Mapping[str, _Action]] = {
    "publish": _published,
    "items": _items,
    "retract": _retraction,
    "subscribe": _verb("subscribe"),
    "unsubscribe": _verb("unsubscribe"),
    "subscription": _subscription,
    "subscriptions": _listing("subscription", "subscriptions", "subscription"),
    "affiliations": _listing("affiliation", "affiliations", "affiliation"),
    "create": _create,
    "configure": _with_form("configure"),
    "options": _with_form("subscription options"),
    "default": _with_form("defaults"),
    "delete": _deletion,
    "purge": _verb("purge"),
    "collection": _collection,
}
_GO_ALONG: Final = frozenset({"configure", "options", "publish-options", "set"})
"""Children that say more about the first one."""


def _request(element: Element, setting: Setting) -> str:
    """A request or a result: about its first child, as a rule."""
    children = tree.children(element)
    leading = [each for each in children if tree.local(each) not in _GO_ALONG] or children[:1]
    return listed([_action(each, setting) for each in leading]) or "empty"


def _action(element: Element, setting: Setting) -> str:
    name = tree.local(element)
    describe = _ACTIONS.get(name)
    return describe(element, setting) if describe else joined([word(name), _node_or_all(element)])


def _event(element: Element, setting: Setting) -> str:
    """What became of a node (XEP-0060 §7.1.2, §12)."""
    return listed([_happened(each, setting) for each in tree.children(element)]) or "empty"


def _happened(element: Element, setting: Setting) -> str:
    match tree.local(element):
        case "items":
            return _holding(element, setting)
        case "configuration":
            form = tree.of(element, _FORMS, "x")
            return joined(
                [f"{_node(element)}: new configuration", "" if form is None else form_in(element)]
            )
        case "delete":
            return f"{_node(element)} deleted"
        case "purge":
            return f"{_node(element)} purged"
        case "subscription":
            return _subscription(element, setting)
        case _:
            return _action(element, setting)


TABLE: Final[Table] = {
    "{http://jabber.org/protocol/pubsub}pubsub": Entry("pubsub", _request),
    f"{_OWNER}pubsub": Entry("pubsub owner", _request),
    "{http://jabber.org/protocol/pubsub#event}event": Entry("event", _event),
}
