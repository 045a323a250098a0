"""What `xmppspy proxy` is given, as it comes out of its options."""

from typing import Any

import click
from click.testing import CliRunner

from xmppspy.cli.interventions import intervention_options
from xmppspy.cli.logins import login_options
from xmppspy.cli.proxyoptions import ProxySettings, proxy_options
from xmppspy.cli.scriptoptions import script_options
from xmppspy.cli.tlsoptions import tls_options


def settings(*arguments: str) -> ProxySettings:
    """The settings that these arguments make, UPSTREAM left out."""
    found: list[ProxySettings] = []

    @click.command()
    @proxy_options
    @intervention_options
    @script_options
    @login_options
    @tls_options
    def command(**given: Any) -> None:
        found.append(ProxySettings(upstream="capulet.example", filters=(), **given))

    result = CliRunner().invoke(command, arguments)
    assert result.exit_code == 0, result.output
    return found[0]
