import pytest

from tests.cli.given import settings
from xmppspy.cli.proxyoptions import (
    check_view,
    full_view,
    read_filter,
    read_way,
    rotation,
)
from xmppspy.cli.styles import Styles
from xmppspy.errors import FilterError, UsageError
from xmppspy.proxy.upstream import Upstream


def test_nothing_is_needed() -> None:
    """Without options it listens on the loopback, records, and shows all."""
    plain = settings()

    assert plain.listen == "127.0.0.1:5222"
    assert not plain.no_record
    assert rotation(plain) is None
    assert full_view(plain, Styles(), None) is None
    assert read_filter(()) is None


def test_remarks_need_a_style_that_has_room() -> None:
    """Unless nothing is shown, or it is shown by the interactive view."""
    with pytest.raises(UsageError, match="--raw has no place for findings"):
        check_view(settings("--lint"), Styles("raw"))
    for other in ("--quiet", "--tui"):
        check_view(settings("--lint", other), Styles("raw"))


def test_filter_is_read_before_anything_starts(capsys: pytest.CaptureFixture[str]) -> None:
    """What it has to remark is said; a wrong one is told."""
    wanted = read_filter(("xpath:body",))

    assert str(wanted) == "xpath:body"
    assert capsys.readouterr().err.startswith("xmppspy: ")
    with pytest.raises(FilterError):
        read_filter(("mesage",))


@pytest.mark.parametrize("option", ["--quiet", "--no-record"])
def test_interactive_view_shows_what_is_recorded(option: str) -> None:
    """Where nothing is, or nothing is to be shown, it cannot be."""
    with pytest.raises(UsageError, match=f"--tui and {option}"):
        full_view(settings("--tui", option), Styles(), None)


def test_rotation() -> None:
    """Either option wants it; it needs a capture."""
    assert rotation(settings("--rotate", "1h", "--keep", "2")) is not None
    with pytest.raises(UsageError, match="--no-record writes nothing"):
        rotation(settings("--rotate", "1h", "--no-record"))


def test_way() -> None:
    """Where the servers are; from a fixed place there is no way to other domains."""
    way = read_way(settings("--allow", "*.example", "--map", "a.example=b:1", "--dns", "192.0.2.1"))
    everywhere, nowhere = read_way(settings("--any")).others, read_way(settings()).others

    assert str(way.upstream) == "capulet.example"
    assert way.maps == {"a.example": Upstream("b", 1)}
    assert way.dns == ("192.0.2.1", 53)
    assert "a.example" in way.others
    assert "a.test" in everywhere
    assert "a.test" not in nowhere
    with pytest.raises(UsageError, match="for --any and --allow, let UPSTREAM be"):
        read_way(settings("--any")._replace(upstream="localhost:5222"))


@pytest.mark.parametrize(
    "option",
    ["--cert", "--key", "--client-cert", "--client-key", "--upstream-ca", "--keylog", "--rules",
     "--hold", "--script", "--accounts", "--account", "--password-file"],
)  # fmt: skip
def test_what_has_to_be_read_first(option: str) -> None:
    """Files, filters and logins may turn out to be wrong; the rest is looked at before."""
    assert settings(option, "x").may_be_refused
    assert settings("--channel-binding", "bridge").may_be_refused
    assert settings("--bridge-plain").may_be_refused
    assert not settings("--any", "--insecure", "-w", "x", "--keep", "1").may_be_refused
