import re
from pathlib import Path

from tests.analysis.contents.reading import root
from xmppspy.analysis.contents.problems import problems

STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas"


def test_condition_and_type_are_explained() -> None:
    """With the text that came along, and what the sender may do."""
    xml = (
        f"<iq type='error'><error type='wait'><resource-constraint xmlns='{STANZAS}'/>"
        f"<text xmlns='{STANZAS}'>busy</text><app xmlns='urn:x'/></error></iq>"
    )
    (found,) = problems(root(xml))

    assert found.rows == (
        ("resource-constraint", "the server has too much to do"),
        ("text", "busy"),
        ("type wait", "try again later"),
    )


def test_unknown_condition_is_told() -> None:
    """It may be a mistake."""
    (found,) = problems(root(f"<iq type='error'><error><odd xmlns='{STANZAS}'/></error></iq>"))

    assert found.rows == (("odd", "a condition that is not known"),)


def test_stream_errors_are_explained() -> None:
    """The element itself is the error."""
    xml = "<stream:error xmlns:stream='http://etherx.jabber.org/streams'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
    (found,) = problems(root(xml))

    assert found.rows == (("conflict", "another stream took over, or the resource is in use"),)


def test_other_elements_of_that_name_are_no_errors() -> None:
    """They hold no condition."""
    assert list(problems(root("<iq><error xmlns='urn:x'/></iq>"))) == []


def test_meanings_begin_small() -> None:
    """They are parts of sentences, for a table."""
    source = Path("xmppspy/analysis/contents/problems.py").read_text(encoding="utf-8")
    meanings = re.findall(r'^    "[a-z-]+": "(.+)",$', source, re.MULTILINE)

    assert len(meanings) > 45
    assert [each for each in meanings if each[0].isupper() and not each.startswith("XML")] == []
