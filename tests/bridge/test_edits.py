"""Edits: one thing of an element changes, and no other byte."""

from base64 import b64encode

import pytest

from xmppspy.bridge import edits
from xmppspy.protocol import namespaces as ns

AUTH = b"<auth mechanism='SCRAM-SHA-1-PLUS' xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>YWJj</auth>"
AUTHENTICATE = (
    b'<authenticate xmlns="urn:xmpp:sasl:2"  mechanism="SCRAM-SHA-256-PLUS">'
    b"<initial-response>YWJj</initial-response><user-agent id='x'><software>a</software>"
    b"</user-agent><bind xmlns='urn:xmpp:bind:0'><tag>t</tag></bind></authenticate>"
)


def test_mechanism_is_read_and_replaced_in_place() -> None:
    """The attribute's value changes, quotation marks and order stay."""
    changed = edits.with_attribute(AUTHENTICATE, "mechanism", "SCRAM-SHA-256")
    assert edits.attribute(AUTHENTICATE, "mechanism") == "SCRAM-SHA-256-PLUS"

    assert changed == AUTHENTICATE.replace(b"-PLUS", b"")


def test_missing_attribute_is_not_invented() -> None:
    """Where there is nothing to replace, nothing is done."""
    assert edits.attribute(b"<auth/>", "mechanism") == ""

    assert edits.with_attribute(b"<auth/>", "mechanism", "PLAIN") == b"<auth/>"


@pytest.mark.parametrize(
    ("kind", "namespace", "data", "expected"),
    [
        ("auth", ns.SASL, AUTH, b"abc"),
        ("auth", ns.SASL, b"<auth mechanism='EXTERNAL'>=</auth>", b""),
        ("auth", ns.SASL, b"<auth mechanism='X'/>", None),
        ("challenge", ns.SASL, b"<c:challenge xmlns:c='s'> YWJj\n</c:challenge>", b"abc"),
        ("success", ns.SASL, b"<success/>", None),
        ("authenticate", ns.SASL2, AUTHENTICATE, b"abc"),
        ("authenticate", ns.SASL2, b"<authenticate><initial-response/></authenticate>", b""),
        ("authenticate", ns.SASL2, b"<authenticate><bind/></authenticate>", None),
        ("response", ns.SASL2, b"<response/>", b""),
        ("success", ns.SASL2, b"<success><x>YWJj</x></success>", None),
    ],
)
def test_payload_is_read(kind: str, namespace: str, data: bytes, expected: bytes | None) -> None:
    """Empty and absent are told apart, each profile in its own way (RFC 6120 §6.4.2, XEP-0388)."""
    assert edits.payload(kind, namespace, data) == expected


@pytest.mark.parametrize("text", [b"YWJ", b"YW\nJj", b"*", b"==="])
def test_what_is_no_base64_is_refused(text: bytes) -> None:
    """Strictly: no line breaks, no missing padding (RFC 6120 §13.9.1)."""
    with pytest.raises(ValueError, match="base64"):
        edits.payload("auth", ns.SASL, b"<auth>" + text + b"</auth>")


def test_payload_is_replaced_and_all_else_stays() -> None:
    """In both profiles, with what stands inline."""
    coded = b64encode(b"other")

    assert edits.with_payload("auth", ns.SASL, AUTH, b"other") == AUTH.replace(b"YWJj", coded)
    assert edits.with_payload(
        "authenticate", ns.SASL2, AUTHENTICATE, b"other"
    ) == AUTHENTICATE.replace(b"YWJj", coded)


@pytest.mark.parametrize("content", [None, b"", b"v=x"])
@pytest.mark.parametrize("namespace", [ns.SASL, ns.SASL2])
@pytest.mark.parametrize("data", [b"<success xmlns='n'/>", b"<success xmlns='n'>YWJj</success>"])
def test_what_is_written_is_read_back(namespace: str, data: bytes, content: bytes | None) -> None:
    """Payloads come, change and go; a payload in the text of SASL2's success is none."""
    written = edits.with_payload("success", namespace, data, content)

    assert edits.payload("success", namespace, written) == content


def test_payload_of_success_stands_before_what_is_inline() -> None:
    """XEP-0388 has it first; the rest is untouched."""
    data = b"<success xmlns='urn:xmpp:sasl:2'><authorization-identifier>a@b</authorization-identifier></success>"
    written = edits.with_payload("success", ns.SASL2, data, b"abc")

    assert written == data.replace(
        b"<auth", b'<additional-data xmlns="urn:xmpp:sasl:2">YWJj</additional-data><auth', 1
    )
    assert edits.with_payload("success", ns.SASL2, written, None) == data


def test_new_element_is_in_its_namespace() -> None:
    """An empty payload is `=` in SASL and nothing in SASL2."""
    assert (
        edits.element("response", ns.SASL2, b"") == b'<response xmlns="urn:xmpp:sasl:2"></response>'
    )
    assert edits.payload("response", ns.SASL, edits.element("response", ns.SASL, b"")) == b""
