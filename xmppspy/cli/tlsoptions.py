"""The options of `proxy` about the TLS of both legs, and the certificates that they name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import click

from xmppspy.errors import UsageError

if TYPE_CHECKING:
    from xmppspy.proxy.identity import Identity

_Command: TypeAlias = Callable[..., None]


class TLSSettings(NamedTuple):
    """The options, as they were given."""

    cert: Path | None = None
    key: Path | None = None
    client_cert: Path | None = None
    client_key: Path | None = None
    max_tls: str | None = None

    @property
    def newest(self) -> str | None:
        """The newest TLS version, as OpenSSL names it; None for no limit."""
        return f"TLSv{self.max_tls}" if self.max_tls else None


def tls_options(command: _Command) -> _Command:
    """Give a command the parameter `tls`, a `TLSSettings`."""

    def run(
        cert: Path | None,
        key: Path | None,
        client_cert: Path | None,
        client_key: Path | None,
        max_tls: str | None,
        **given: Any,
    ) -> None:
        tls = TLSSettings(
            cert=cert, key=key, client_cert=client_cert, client_key=client_key, max_tls=max_tls
        )
        command(tls=tls, **given)

    run.__doc__ = command.__doc__
    run.__click_params__ = getattr(command, "__click_params__", [])  # type: ignore[attr-defined]
    file = click.Path(path_type=Path)
    options = (
        click.option(
            "--cert", metavar="FILE", type=file,
            help="The server's own certificate (PEM, with its chain), to be shown to clients "
            "instead of one of the CA.",
        ),
        click.option(
            "--key", metavar="FILE", type=file,
            help="Its key (PEM), unless it is in the same file.",
        ),
        click.option(
            "--client-cert", metavar="FILE", type=file,
            help="A client's certificate (PEM), to be shown to the server: for SASL EXTERNAL.",
        ),
        click.option(
            "--client-key", metavar="FILE", type=file,
            help="Its key (PEM), unless it is in the same file.",
        ),
        click.option(
            "--max-tls", type=click.Choice(["1.2", "1.3"]),
            help="The newest version of TLS on both legs.",
        ),
    )  # fmt: skip
    decorated: _Command = run
    for option in reversed(options):
        decorated = option(decorated)
    return decorated


def own_identity(settings: TLSSettings) -> Identity | None:
    """What `--cert` and `--key` name. Raises UsageError."""
    return _identity("--cert", settings.cert, settings.key)


def client_identity(settings: TLSSettings) -> Identity | None:
    """What `--client-cert` and `--client-key` name. Raises UsageError."""
    return _identity("--client-cert", settings.client_cert, settings.client_key)


def _identity(option: str, cert: Path | None, key: Path | None) -> Identity | None:
    if cert is None:
        if key is not None:
            key_option = option.replace("cert", "key")
            raise UsageError(f"{key_option} is the key of {option} FILE; give that too")
        return None
    from xmppspy.proxy.identity import read_identity

    return read_identity(cert, key, option)
