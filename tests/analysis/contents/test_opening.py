from tests.view.samples import frame
from xmppspy.analysis.contents import contents

SASL = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"


def test_login_is_opened() -> None:
    """Its base64 in words; secrets stay secret."""
    (login,) = contents(frame(f"<auth {SASL} mechanism='PLAIN'>AGp1bGlldAB4</auth>"))

    assert login.title == "PLAIN credentials"
    assert login.rows == (("user", "juliet"), ("password", "•••"))


def test_all_contents_of_a_frame_are_opened() -> None:
    """In a fixed order."""
    xml = (
        "<iq type='error'><error><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
        "<data xmlns='urn:xmpp:bob'>aGk=</data><x xmlns='jabber:x:data'/></iq>"
    )

    assert [each.title for each in contents(frame(xml))] == [
        "error",
        "form: form",
        "bits of binary",
    ]


def test_plain_stanzas_hold_nothing_to_be_opened() -> None:
    """Nor do frames that are no elements."""
    assert contents(frame("<message><body>Hi</body></message>")) == []
    assert contents(frame(" ")) == []
    assert contents(frame(f"<success {SASL}/>")) == []
