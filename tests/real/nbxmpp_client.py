"""nbxmpp (Gajim's library) as a client program: `nbxmpp_client.py JSON` prints one line of JSON.

romeo logs in and out again. It is Debian's package, for Debian's Python, and knows nothing of
xmppspy. GnuTLS cannot be given a CA for one program, so an unknown one is let pass; the name in
the certificate is not.
"""

import json
import sys
from typing import Any

import gi

gi.require_version("Soup", "3.0")

from gi.repository import Gio, GLib  # noqa: E402
from nbxmpp.client import Client  # noqa: E402
from nbxmpp.const import ConnectionProtocol, ConnectionType  # noqa: E402

KINDS = {"starttls": ConnectionType.START_TLS, "direct": ConnectionType.DIRECT_TLS}


def log_in(settings: dict[str, Any]) -> str:
    """The outcome: `session_start`, or the condition on which the login failed."""
    loop = GLib.MainLoop()
    client = Client()
    client.set_domain(settings["domain"])
    client.set_username("romeo")
    client.set_password(settings["password"])
    client.set_resource("nbxmpp")
    client.set_ignored_tls_errors({Gio.TlsCertificateFlags.UNKNOWN_CA})
    host = f"{settings['host']}:{settings['port']}"
    client.set_custom_host(host, ConnectionProtocol.TCP, KINDS[settings["tls"]])
    outcome: list[str] = []

    def logged_in(*_: object) -> None:
        outcome.append("session_start")
        client.disconnect()

    def ended(*_: object) -> None:
        if not outcome:
            outcome.append(str(client.get_error()[1]))
        loop.quit()

    client.subscribe("connected", logged_in)
    client.subscribe("connection-failed", ended)
    client.subscribe("disconnected", ended)
    client.connect()
    GLib.timeout_add_seconds(30, loop.quit)
    loop.run()
    return outcome[0]


if __name__ == "__main__":
    print(json.dumps({"outcome": log_in(json.loads(sys.argv[1]))}))
