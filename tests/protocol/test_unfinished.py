import pytest

from xmppspy.protocol.unfinished import Unfinished

MAX_NAME = 20


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"<a b='>' c=\">\">", "start"),
        (b"<a b='\">'>", "start"),
        (b"<a/>", "start"),
        (b"</a >", "end"),
        (b"<!-- -- > ->-->", "comment"),
        (b"<!---->", "comment"),
        (b"<![CDATA[]]]>", "cdata"),
        (b"<?x ? >?>", "pi"),
    ],
)
@pytest.mark.parametrize("before", [b"", b"text>"])
def test_end_is_found_with_its_last_byte(data: bytes, kind: str, before: bytes) -> None:
    """Of each kind of token the end is seen when it is there, not earlier."""
    buffer = bytearray(before + data[:1])
    token = Unfinished(len(before))
    for byte in data[1:]:
        assert not token.find_end(buffer)
        buffer.append(byte)

    assert token.find_end(buffer)
    assert (token.kind, token.scan) == (kind, len(buffer))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"<!DOCTYPE", "doctype"),
        (b"<!x", "broken"),
        (b"<!-x", "broken"),
        (b"<![x", "broken"),
        (b"<!DOCx", "broken"),
        (b"<!", ""),
        (b"<!-", ""),
        (b"<![CDATA", ""),
        (b"<", ""),
    ],
)
def test_tokens_without_an_end(data: bytes, kind: str) -> None:
    """What cannot be a token is told as soon as that is certain; until then it has no kind."""
    token = Unfinished(0)

    assert not token.find_end(data)
    assert token.kind == kind


def test_all_is_kept_of_a_token_without_a_kind() -> None:
    """While it is not certain what a token is, none of its bytes can be spared."""
    token = Unfinished(1)
    token.find_end(b"><![CDA")

    assert token.let_go(b"><![CDA", MAX_NAME) == 1


@pytest.mark.parametrize(
    "beginning", [b"<a b='", b"<a b=", b"</a", b"<!-- x", b"<![CDATA[x", b"<?x"]
)
def test_no_byte_is_looked_at_twice(beginning: bytes) -> None:
    """What was searched once without success is not searched again."""
    buffer = bytearray(beginning + b" " * 100)
    token = Unfinished(0)
    assert not token.find_end(buffer)
    searched = len(buffer) - 2  # the end of an end may stand there
    buffer[:searched] = b"'>-->]]>?>".ljust(searched)

    assert not token.find_end(buffer)


def test_let_go_of_a_token() -> None:
    """Once kind and name are known, only the byte before the search is needed."""
    buffer = bytearray(b"<abc d='" + b"x" * 100)
    token = Unfinished(0)
    token.find_end(buffer)
    kept = token.let_go(buffer, MAX_NAME)
    del buffer[:kept]
    token.moved(kept)
    buffer += b">'/>"

    assert len(buffer) == 5
    assert token.find_end(buffer)
    assert (token.name, token.is_kept, token.is_empty_element(buffer)) == (b"abc", False, True)


@pytest.mark.parametrize(
    ("data", "kind"), [(b"<ab", "start"), (b"</ab", "end"), (b"<=" + b"=" * 5, "start")]
)
def test_names_are_not_let_go_of(data: bytes, kind: str) -> None:
    """A tag's bytes are needed while its name may go on, or there is none."""
    token = Unfinished(0)
    token.find_end(data)

    assert token.let_go(data, MAX_NAME) == 0
    assert (token.kind, token.name, token.is_kept) == (kind, None, True)


@pytest.mark.parametrize("data", [b"<" + b"a" * 21, b"</" + b"a" * 21, b"<" + b"=" * 21])
def test_names_are_bounded(data: bytes) -> None:
    """A name that goes on for too long makes the token broken."""
    token = Unfinished(0)
    token.find_end(data)

    assert token.let_go(data[:-1], MAX_NAME) == 0
    assert token.kind != "broken"
    assert token.let_go(data, MAX_NAME) == 0
    assert token.kind == "broken"


def test_names_of_tags() -> None:
    """The name can be read from the bytes as long as they are kept."""
    for data, name in ((b"<a:b c", b"a:b"), (b"</a:b", b"a:b"), (b"</ a", b"")):
        token = Unfinished(0)
        token.find_end(data)

        assert token.read_name(data) == name
