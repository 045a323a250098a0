from pathlib import Path

import pytest

from tests.cli.given import settings
from xmppspy.cli.assembly import Works, assemble
from xmppspy.cli.proxyoptions import read_way
from xmppspy.errors import RulesError, UsageError
from xmppspy.proxy.certs import Authority
from xmppspy.proxy.clock import Clock


def _assembled(folder: Path, *options: str) -> Works:
    given = settings(*options)
    authority = Authority.open(folder / "ca")
    return assemble(given, read_way(given), authority, Clock(), pytest.fail)


def test_options_reach_the_session(tmp_path: Path) -> None:
    """What the person wants of the connections is told to each of them."""
    options = _assembled(
        tmp_path, "--max-stanza", "2000", "--keep-compression", "--keep-redirects", "--seed", "7"
    ).listener._options

    assert options.upstream_name == "capulet.example"
    assert options.max_frame == 2000
    assert options.keep_compression
    assert options.keep_redirects
    assert options.seed == 7
    assert not options.allow_clear_upstream


def test_nobody_steers_where_nobody_can(tmp_path: Path) -> None:
    """Without control socket, rules and script there are no verdicts to wait for."""
    assert _assembled(tmp_path, "--no-control").steering is None
    assert _assembled(tmp_path).steering is not None
    assert _assembled(tmp_path, "--no-control", "--script", "s.py").steering is not None


@pytest.mark.parametrize("option", ["--rules", "--upstream-ca", "--cert", "--accounts"])
def test_what_cannot_be_read_is_refused(tmp_path: Path, option: str) -> None:
    """By the name of its file."""
    with pytest.raises((UsageError, RulesError), match="nothing-here"):
        _assembled(tmp_path, option, str(tmp_path / "nothing-here"))
