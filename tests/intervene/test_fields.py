from xmppspy.intervene.fields import EXTRA, FROM, ID, NODE, PAYLOAD, TO, Field


def test_fields_are_attributes_unless_they_say_how_they_are_written() -> None:
    """A form that begins with a space is one of an attribute, too."""
    assert all(field.is_attribute for field in (TO, FROM, ID, NODE))
    assert Field("ver", "a version", ' v="{}"').is_attribute
    assert not any(field.is_attribute for field in (PAYLOAD, EXTRA, Field("a", "b", "<a>{}</a>")))
