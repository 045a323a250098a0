"""The options of `proxy` about logins and channel binding, and the house that they make."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import click

from xmppspy.cli.accounts import account_options, known_accounts
from xmppspy.errors import UsageError

if TYPE_CHECKING:
    from xmppspy.bridge.house import House, Mode
    from xmppspy.proxy.identity import Identity

_Command: TypeAlias = Callable[..., None]


class LoginSettings(NamedTuple):
    """The options, as they were given."""

    channel_binding: Mode
    account: tuple[str, ...]
    accounts: Path | None
    password_file: Path | None
    bridge_plain: bool

    @property
    def may_bridge(self) -> bool:
        """Whether they tell passwords, or where to get some."""
        return bool(self.account or self.accounts or self.bridge_plain)


def login_options(command: _Command) -> _Command:
    """Give a command the parameter `logins`, a `LoginSettings`."""

    def run(
        channel_binding: Mode,
        account: tuple[str, ...],
        accounts: Path | None,
        password_file: Path | None,
        bridge_plain: bool,
        **given: Any,
    ) -> None:
        logins = LoginSettings(
            channel_binding=channel_binding,
            account=account,
            accounts=accounts,
            password_file=password_file,
            bridge_plain=bridge_plain,
        )
        command(logins=logins, **given)

    run.__doc__ = command.__doc__
    run.__click_params__ = getattr(command, "__click_params__", [])  # type: ignore[attr-defined]
    plain = click.option(
        "--bridge-plain", is_flag=True,
        help="Offer clients PLAIN, and log in by SCRAM with the password they show.",
    )  # fmt: skip
    binding = click.option(
        "--channel-binding", type=click.Choice(["auto", "keep", "strip", "bridge"]),
        default="auto", show_default=True,
        help="What to do about logins that are bound to TLS: the least that works, nothing, "
        "take -PLUS out of the offer, or end them on both legs.",
    )  # fmt: skip
    return binding(account_options(plain(run)))


def make_house(settings: LoginSettings, client: Identity | None = None) -> House:
    """What the guards of the proxy share; `client` is shown to the server.

    Asks for passwords; raises UsageError.
    """
    from xmppspy.bridge.house import House

    mode = settings.channel_binding
    if settings.may_bridge and mode in ("keep", "strip"):
        raise UsageError(
            f"--channel-binding {mode} bridges nothing: leave out the accounts and --bridge-plain, "
            "or take auto or bridge"
        )
    accounts = known_accounts(settings.account, settings.accounts, settings.password_file)
    if mode == "bridge" and not accounts and not settings.bridge_plain:
        raise UsageError(
            "--channel-binding bridge needs passwords: give --account JID or --accounts FILE, or "
            "have clients show theirs with --bridge-plain"
        )
    certified = () if client is None else _accounts_of(client)
    return House(mode, accounts, settings.bridge_plain, client is not None, certified)


def _accounts_of(client: Identity) -> tuple[str, ...]:
    from xmppspy.bridge.certificate import read_certificate

    found = read_certificate(client.der)
    names = () if found is None else found.names
    return tuple(name for kind, name in names if kind == "xmppAddr")


def needs_exporting(house: House, *, shows_own_certificate: bool) -> bool:
    """Whether the legs' TLS has to tell what binds to it."""
    can_bridge = bool(house.accounts) or house.takes_plain
    return house.may_bridge and (can_bridge or shows_own_certificate)


def login_line(settings: LoginSettings) -> str:
    """What is done about logins, for the proxy's first lines; empty for what is usual."""
    told = []
    mode = settings.channel_binding
    if names := [
        *settings.account,
        *([f"accounts in {settings.accounts}"] if settings.accounts else []),
    ]:
        which = "all logins" if mode == "bridge" else "logins that are bound to TLS"
        told.append(f"{which} of {', '.join(names)} are bridged")
    if settings.bridge_plain:
        whose = "of other accounts " if names else ""
        told.append(f"clients {whose}are offered PLAIN, to show their password")
    if not told and mode == "auto":
        return ""
    return "; ".join((f"channel binding: {mode}", *told))
