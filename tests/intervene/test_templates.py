from itertools import count
from types import MappingProxyType
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intervene.frames import ids_of
from tests.intervene.test_escaping import VALUES
from xmppspy.errors import MalformedXML, TemplateError
from xmppspy.intervene import fragments
from xmppspy.intervene.templates import TEMPLATES, Template, template
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.context import StreamContext

PREFIX_FREE = StreamContext(default=ns.STREAMS, prefixes=MappingProxyType({}))


def new_id() -> str:
    """Always the same one."""
    return "xmppspy-1"


def fill(name: str, **values: str) -> str:
    """A template with its fields."""
    return template(name).fill(values, new_id).decode()


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("message", {}, '<message type="chat" id="xmppspy-1"></message>'),
        (
            "message",
            {"to": "a@b/'c'", "body": "1 < 2", "id": "m1", "payload": "<x/>"},
            '<message to="a@b/&apos;c&apos;" type="chat" id="m1"><body>1 &lt; 2</body><x/></message>',
        ),
        (
            "groupchat",
            {"to": "r@c.d", "body": "x"},
            '<message to="r@c.d" type="groupchat" id="xmppspy-1"><body>x</body></message>',
        ),
        ("presence", {}, '<presence id="xmppspy-1"></presence>'),
        (
            "presence",
            {"show": "dnd", "status": "no"},
            '<presence id="xmppspy-1"><show>dnd</show><status>no</status></presence>',
        ),
        (
            "iq-set",
            {"payload": "<q xmlns='urn:q'>\n </q>", "from": "a@b"},
            '<iq from="a@b" type="set" id="xmppspy-1"><q xmlns=\'urn:q\'>\n </q></iq>',
        ),
        (
            "iq-get",
            {"to": "b", "payload": '<query xmlns="urn:q" node="n"/>'},
            '<iq to="b" type="get" id="xmppspy-1"><query xmlns="urn:q" node="n"/></iq>',
        ),
        ("ping", {}, '<iq type="get" id="xmppspy-1"><ping xmlns="urn:xmpp:ping"/></iq>'),
    ],
)
def test_templates_are_filled(name: str, values: dict[str, str], expected: str) -> None:
    """What is not given is left out; values are escaped, XML is taken as it is."""
    assert fill(name, **values) == expected


@pytest.mark.parametrize("each", TEMPLATES.values(), ids=TEMPLATES)
def test_every_template_makes_a_stanza_of_its_stream(each: Template) -> None:
    """In whatever style its header is written."""
    values = {field.name: "<x xmlns='urn:x'/>" for field in each.fields if field.is_needed}
    for context in (StreamContext(), PREFIX_FREE):
        data = each.fill(values, new_id, context)
        (frame,) = fragments.elements(data.decode(), context)

        assert frame.kind in ("message", "presence", "iq")
        assert frame.xmlns is None
        assert frame.id == "xmppspy-1"


@given(
    st.sampled_from(sorted(TEMPLATES)),
    st.dictionaries(st.sampled_from(["to", "body", "id"]), VALUES),
)
def test_values_are_read_as_they_were_given(name: str, values: dict[str, str]) -> None:
    """Whatever characters they have."""
    made = template(name)
    known = {field.name for field in made.fields}
    given_ = {key: value for key, value in values.items() if key in known and value}
    needed = {field.name: "<x/>" for field in made.fields if field.is_needed}
    element = ET.fromstring(made.fill({**needed, **given_}, new_id))  # noqa: S314 - made here

    assert element.get("to", "") == given_.get("to", "")
    assert element.get("id") == given_.get("id", "xmppspy-1")
    assert element.findtext("body", "") == given_.get("body", "")


def test_ids_are_made_one_by_one() -> None:
    """By whatever makes them."""
    ids = ids_of(7)
    made = [template("ping").fill({}, ids) for _ in range(2)]
    numbers = count(1)

    assert made[0] != made[1]
    assert (
        template("ping")
        .text({}, lambda: f"i{next(numbers)}")
        .startswith('<iq to="" type="get" id="i1">')
    )


@pytest.mark.parametrize(
    ("name", "values", "reason"),
    [
        ("png", {}, "template png: there is none of that name; there are message, groupchat, pres"),
        ("ping", {"body": "x"}, "template ping: there is no body; there are to, from, id"),
        ("iq-get", {}, "template iq-get: payload is missing: the child element, as XML"),
        (
            "iq-get",
            {"payload": ""},
            "template iq-get: payload is missing: the child element, as XM",
        ),
        (
            "message",
            {"body": "\x1b"},
            "template message: the character U+001B in body cannot stand",
        ),
    ],
)
def test_what_cannot_be_filled_in_is_an_error(
    name: str, values: dict[str, str], reason: str
) -> None:
    """It says what there is instead."""
    with pytest.raises(TemplateError) as caught:
        fill(name, **values)

    assert str(caught.value).startswith(reason)


@pytest.mark.parametrize("payload", ["<a>", "</iq><iq>", "text <", "<x:a/>"])
def test_xml_in_a_field_is_checked(payload: str) -> None:
    """It must not end what it stands in, which `</iq>` would."""
    with pytest.raises((MalformedXML, TemplateError)):
        fill("iq-get", payload=payload)


def test_a_node_is_asked_for_where_one_is_given() -> None:
    """An attribute that is not given is not there."""
    asked = '<iq type="get" id="xmppspy-1"><query xmlns="http://jabber.org/protocol/disco#info"'

    assert fill("disco") == f"{asked}/></iq>"
    assert fill("disco", node="n") == f'{asked} node="n"/></iq>'


def test_a_draft_has_places_to_fill_in() -> None:
    """In lines, as a person writes it."""
    assert template("message").text({"body": "a & b"}, new_id) == (
        '<message to="" type="chat" id="xmppspy-1">\n  <body>a &amp; b</body>\n</message>\n'
    )
    assert template("iq-get").text({}, new_id) == (
        '<iq to="" type="get" id="xmppspy-1">\n  <query xmlns=""/>\n</iq>\n'
    )
    assert template("presence").text({}, new_id) == (
        '<presence id="xmppspy-1">\n  <show></show>\n  <status></status>\n</presence>\n'
    )


def test_templates_say_what_they_are_for() -> None:
    """Each has a line of help, and so has each field."""
    for each in TEMPLATES.values():
        assert each.help
        assert all(field.help for field in each.fields)
