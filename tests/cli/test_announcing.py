from pathlib import Path

import pytest

from tests.cli.given import settings
from tests.cli.running import proxy
from xmppspy.cli import announcing

CERTIFICATE = Path("ca.pem")


def _said(
    *options: str, addresses: tuple[str, ...] = ("127.0.0.1:5222",), control: Path | None = None
) -> list[str]:
    return [*announcing.beginning(settings(*options), CERTIFICATE, addresses, control)]


def test_says_where_to_point_the_client(tmp_path: Path) -> None:
    """Before it listens, it says host, port and the certificate to trust, in two lines."""
    with proxy(tmp_path) as running:
        pass

    assert len(running.said) == 4
    assert running.said[0] == f"control socket {running.control}"
    assert f"port {running.port}" in running.said[1]
    assert str(tmp_path / "ca") in running.said[2]


def test_quiet_says_only_where_it_is() -> None:
    """And how it can be reached."""
    said = _said("--quiet", control=Path("1.sock"), addresses=("127.0.0.1:1", "[::1]:1"))

    assert said == ["control socket 1.sock", "listening on 127.0.0.1:1", "listening on [::1]:1"]


def test_own_certificate_is_told() -> None:
    """A client that trusts who has signed that has nothing more to trust."""
    assert _said("--cert", "own.pem")[1] == (
        "it is shown own.pem, and for other names a certificate of ca.pem"
    )


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--insecure"], "WARNING: --insecure: the server is not verified"),
        (["--keep-secrets", "-q"], "passwords and tokens are recorded and shown as they are"),
        (["--keep-secrets", "--no-record", "-q"], "passwords and tokens are shown as they are"),
        (["--channel-binding", "strip"], "channel binding: strip"),
    ],
)
def test_what_is_unusual_is_told(options: list[str], told: str) -> None:
    """What is not verified, what is not masked, and what is done about logins."""
    assert [line for line in _said(*options) if told in line]
    assert not [line for line in _said() if told in line]


@pytest.mark.parametrize(
    ("address", "options", "is_warned"),
    [
        ("0.0.0.0:1", ["--any"], True),
        ("[::]:1", ["--any"], True),
        ("[::1]:1", ["--any"], False),
        ("127.0.0.2:1", ["--any"], False),
        ("0.0.0.0:1", ["--allow", "a.example"], False),
        ("0.0.0.0:1", [], False),
    ],
)
def test_open_relay_is_warned_about(address: str, options: list[str], is_warned: bool) -> None:
    """One that takes clients from elsewhere to wherever they want."""
    said = _said(*options, "-q", addresses=(address,))

    assert any("WARNING: --any" in line for line in said) is is_warned


def test_end() -> None:
    """What there was is counted, and where it is recorded is named."""
    assert announcing.end(1, 1, Path("a")) == "1 frame of 1 connection, in a"
    assert announcing.end(1234, 0, None) == "1,234 frames of 0 connections, not recorded"
