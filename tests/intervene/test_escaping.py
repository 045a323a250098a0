from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xmppspy.intervene import escaping

VALUES = st.text().filter(lambda value: not escaping.forbidden(value))


@given(VALUES, st.sampled_from("\"'"))
def test_values_are_read_as_they_were_meant(value: str, mark: str) -> None:
    """White space too, which parsers would change otherwise (XML 1.0 §2.11, §3.3.3)."""
    xml = f"<a b={mark}{escaping.attribute(value)}{mark}>{escaping.text(value)}</a>"
    element = ET.fromstring(xml)  # noqa: S314 - made here

    assert element.get("b") == (element.text or "") == value


@given(VALUES)
def test_an_attribute_may_stand_as_text(value: str) -> None:
    """So a template may use a value in either place."""
    element = ET.fromstring(f"<a>{escaping.attribute(value)}</a>")  # noqa: S314 - made here

    assert (element.text or "") == value


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\ud800", "\uffff"])
def test_some_characters_cannot_be_written(character: str) -> None:
    """In no form."""
    assert escaping.forbidden(f"a{character}") == f"the character U+{ord(character):04X}"
    assert escaping.forbidden("a\t\n\r é\U0001f642") == ""
