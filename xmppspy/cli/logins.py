"""The options of `proxy` about logins and channel binding, and the house that they make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from xmppspy.cli.accounts import account_options, known_accounts
from xmppspy.errors import UsageError

if TYPE_CHECKING:
    from xmppspy.bridge.house import House, Mode

_Command: TypeAlias = Callable[..., None]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginSettings:
    """The options, as they were given."""

    channel_binding: Mode
    account: tuple[str, ...]
    accounts: Path | None
    password_file: Path | None
    bridge_plain: bool


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


def make_house(settings: LoginSettings, *, has_certificate: bool) -> House:
    """What the guards of the proxy share. Asks for passwords; raises UsageError."""
    from xmppspy.bridge.house import House

    accounts = known_accounts(settings.account, settings.accounts, settings.password_file)
    house = House(
        mode=settings.channel_binding,
        accounts=accounts,
        takes_plain=settings.bridge_plain,
        has_certificate=has_certificate,
    )
    if settings.channel_binding == "bridge" and not accounts and not settings.bridge_plain:
        raise UsageError(
            "--channel-binding bridge needs passwords: give --account JID or --accounts FILE, or "
            "have clients show theirs with --bridge-plain"
        )
    if (accounts or settings.bridge_plain) and not house.may_bridge:
        raise UsageError(
            f"--channel-binding {house.mode} bridges nothing: leave out the accounts, or take "
            "auto or bridge"
        )
    return house


def needs_exporting(house: House, *, shows_own_certificate: bool) -> bool:
    """Whether the legs' TLS has to tell what binds to it."""
    can_bridge = bool(house.accounts) or house.takes_plain
    return house.may_bridge and (can_bridge or shows_own_certificate)


def login_line(settings: LoginSettings, house: House) -> str:
    """What is done about logins, for the proxy's first lines; empty for what is usual."""
    if house.accounts:
        which = "all logins" if house.mode == "bridge" else "logins that are bound to TLS"
        whose = ", ".join(settings.account) or f"the accounts in {settings.accounts}"
        return f"channel binding: {house.mode}; {which} of {whose} are bridged"
    if house.takes_plain:
        return f"channel binding: {house.mode}; clients are offered PLAIN and show their password"
    return "" if house.mode == "auto" else f"channel binding: {house.mode}"
