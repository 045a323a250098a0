import pytest

from tests.cli.given import settings
from xmppspy.cli.proxyoptions import (
    check_view,
    full_view,
    other_domains,
    read_filter,
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


def test_other_domains() -> None:
    """Those that are named, all, or none; from a fixed place there is no way to them."""
    upstream = Upstream.parse("capulet.example")
    fixed = Upstream.parse("localhost:5222")

    assert "a.example" in other_domains(settings("--allow", "*.example"), upstream)
    assert "a.test" in other_domains(settings("--any"), upstream)
    assert "a.test" not in other_domains(settings(), upstream)
    with pytest.raises(UsageError, match="for --any and --allow, let UPSTREAM be"):
        other_domains(settings("--any"), fixed)
