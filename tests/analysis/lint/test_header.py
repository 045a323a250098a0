import pytest

from tests.analysis.scenes import CLIENT_HEADER, Scene
from xmppspy.analysis.lint.header import read_header


def test_headers_are_taken_apart() -> None:
    """Attributes, prefix, version, and what they lend."""
    record = Scene().client(
        "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
        " to='capulet.example' version='1.0' xml:lang='en'>"
    )
    header = read_header(record)

    assert header.attributes["to"] == "capulet.example"
    assert (header.prefix, header.declared) == ("stream", False)
    assert header.version == (1, 0)
    assert header.context.lang == "en"


@pytest.mark.parametrize("version", ["", "1", "one.0", "1.x", "1."])
def test_some_versions_are_none(version: str) -> None:
    """Two numbers make one."""
    header = CLIENT_HEADER.replace("version='1.0'", f"version='{version}'")

    assert read_header(Scene().client(header)).version is None


def test_declarations_and_prefixes_are_seen() -> None:
    """Also where the header is not the first thing."""
    record = Scene().client(
        "<?xml version='1.0'?><f:stream xmlns:f='http://etherx.jabber.org/streams' to='a'>"
    )
    header = read_header(record)

    assert (header.declared, header.prefix) == (True, "f")
    assert header.attributes == {"xmlns:f": "http://etherx.jabber.org/streams", "to": "a"}
