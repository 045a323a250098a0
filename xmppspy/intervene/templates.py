"""Templates: stanzas to fill in."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from xmppspy.errors import TemplateError
from xmppspy.intervene import escaping, fragments
from xmppspy.intervene.fields import EXTRA, FROM, ID, NODE, PAYLOAD, TO, Field
from xmppspy.protocol.context import DEFAULT_CONTEXT, StreamContext

_SLOT: Final = re.compile(r"\{([a-z]+)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of stanza, and what can be said in it."""

    name: str
    help: str
    lines: tuple[str, ...]
    """Its XML, with the names of fields in braces; a line that nothing is filled in is left out."""
    fields: tuple[Field, ...]

    def fill(
        self,
        values: Mapping[str, str],
        new_id: Callable[[], str],
        context: StreamContext = DEFAULT_CONTEXT,
    ) -> bytes:
        """The stanza, for a stream of that context.

        Raises `TemplateError` for fields that it does not have or cannot do without, and
        `MalformedXML` for XML in them.
        """
        self._check(values)
        texts = {field.name: _written(field, values.get(field.name)) for field in self.fields}
        if not values.get("id"):
            texts["id"] = _written(ID, new_id())
        xml = "".join(line.strip() for line in self._filled(texts, context))
        stanza, *more = fragments.elements(xml, context)
        if more:
            raise TemplateError(self.name, "what is to stand inside the stanza ends it")
        return stanza.data

    def text(self, values: Mapping[str, str], new_id: Callable[[], str]) -> str:
        """The stanza for a person to go on with: in lines, with places for the usual fields."""
        self._check(values, is_draft=True)
        texts = {field.name: _drafted(field, values.get(field.name)) for field in self.fields}
        if not values.get("id"):
            texts["id"] = _written(ID, new_id())
        return "\n".join(self._filled(texts, DEFAULT_CONTEXT)) + "\n"

    def _filled(self, texts: dict[str, str], context: StreamContext) -> Iterator[str]:
        is_default = context.default == context.content
        texts["xmlns"] = "" if is_default else f' xmlns="{escaping.attribute(context.content)}"'
        for line in self.lines:
            filled = _SLOT.sub(lambda slot: texts[slot[1]], line)
            if not filled.isspace():
                yield filled

    def _check(self, values: Mapping[str, str], *, is_draft: bool = False) -> None:
        known = {field.name: field for field in self.fields}
        for name, value in values.items():
            if name not in known:
                raise TemplateError(self.name, f"there is no {name}; there are {', '.join(known)}")
            if found := escaping.forbidden(value):
                raise TemplateError(self.name, f"{found} in {name} cannot stand in XML")
        for field in self.fields:
            if field.is_needed and not is_draft and not values.get(field.name):
                raise TemplateError(self.name, f"{field.name} is missing: {field.help}")


def _written(field: Field, value: str | None) -> str:
    said = field.default if value is None else value
    return _form(field, said) if said else ""


def _drafted(field: Field, value: str | None) -> str:
    said = _written(field, value)
    return said if said or field.blank is None else _form(field, field.blank)


def _form(field: Field, value: str) -> str:
    if not field.is_xml:
        value = escaping.attribute(value) if field.is_attribute else escaping.text(value)
    return (field.form or f' {field.name}="{{}}"').replace("{}", value)


def _iq(
    name: str, help_: str, *inner: str, type_: str = "get", fields: tuple[Field, ...]
) -> Template:
    opening = f'<iq{{xmlns}}{{to}}{{from}} type="{type_}"{{id}}>'
    return Template(name, help_, (opening, *inner, "</iq>"), (TO, FROM, ID, *fields))


_MESSAGE: Final = ("<message{xmlns}{to}{from}{type}{id}>", "  {body}", "  {payload}", "</message>")
_BODY: Final = Field("body", "the text", "<body>{}</body>", blank="")

TEMPLATES: Final[Mapping[str, Template]] = {
    template.name: template
    for template in (
        Template(
            "message", "a message to one person", _MESSAGE,
            (TO, FROM, ID, Field("type", "chat, normal, headline", default="chat"), _BODY, EXTRA),
        ),
        Template(
            "groupchat", "a message to a room (XEP-0045)", _MESSAGE,
            (TO, FROM, ID, Field("type", "groupchat", default="groupchat"), _BODY, EXTRA),
        ),
        Template(
            "presence", "presence, or a request for it",
            (
                "<presence{xmlns}{to}{from}{type}{id}>",
                "  {show}", "  {status}", "  {priority}", "  {payload}", "</presence>",
            ),
            (
                Field("to", "the receiver; without it all who may see it"), FROM, ID,
                Field("type", "unavailable, subscribe, subscribed, unsubscribe, unsubscribed"),
                Field("show", "away, chat, dnd, xa", "<show>{}</show>", blank=""),
                Field("status", "a text", "<status>{}</status>", blank=""),
                Field("priority", "from -128 to 127", "<priority>{}</priority>"),
                EXTRA,
            ),
        ),
        _iq("iq-get", "any question", "  {payload}", fields=(PAYLOAD,)),
        _iq("iq-set", "any order", "  {payload}", type_="set", fields=(PAYLOAD,)),
        _iq(
            "disco", "what an entity is and can do (XEP-0030)",
            '  <query xmlns="http://jabber.org/protocol/disco#info"{node}/>', fields=(NODE,),
        ),
        _iq(
            "disco-items", "what belongs to an entity (XEP-0030)",
            '  <query xmlns="http://jabber.org/protocol/disco#items"{node}/>', fields=(NODE,),
        ),
        _iq("ping", "whether it is there (XEP-0199)", '  <ping xmlns="urn:xmpp:ping"/>', fields=()),
        _iq(
            "version", "which software it is (XEP-0092)", '  <query xmlns="jabber:iq:version"/>',
            fields=(),
        ),
        _iq(
            "time", "its clock (XEP-0202)", '  <time xmlns="urn:xmpp:time"/>', fields=(),
        ),
        _iq(
            "roster", "the account's contacts (RFC 6121)", '  <query xmlns="jabber:iq:roster"/>',
            fields=(),
        ),
    )
}  # fmt: skip
"""All of them, by their names."""


def template(name: str) -> Template:
    """The template of that name; raises `TemplateError`."""
    found = TEMPLATES.get(name)
    if found is None:
        raise TemplateError(name, f"there is none of that name; there are {', '.join(TEMPLATES)}")
    return found
