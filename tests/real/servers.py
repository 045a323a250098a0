"""Real servers with configuration and data of their own: Prosody and ejabberd on loopback ports.

Both serve capulet.example with the accounts romeo and juliet, on a port for STARTTLS and one for
direct TLS, with rosters, carbons, archives, stream management, pings and a room service.
"""

import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import trustme

from tests.real.programs import (
    Program,
    accepts_connections,
    eventually,
    free_port,
    needs,
    path_of,
    runs_as_root,
)

DOMAIN = "capulet.example"
ROOMS = f"rooms.{DOMAIN}"
USERS = ("romeo", "juliet")
PASSWORD = "neither fair saint"
PLUGINS = Path(__file__).parent / "prosody"


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: where it listens on 127.0.0.1."""

    name: str
    starttls_port: int
    direct_port: int

    def port(self, tls: str) -> int:
        """The port for `starttls` or `direct`."""
        return self.direct_port if tls == "direct" else self.starttls_port


@contextmanager
def prosody(
    folder: Path,
    certificate: trustme.LeafCert,
    version: str = "",
    modules: Iterable[str] = (),
    authentication: str = "internal_plain",
) -> Iterator[Server]:
    """Run Prosody as its own system user, with all it needs in `folder`.

    `version` is the only one of TLS (`1.2`, `1.3`), and any when it is empty; `modules` are
    enabled besides what it has always. With the `authentication` of `internal_hashed` it keeps
    SCRAM keys instead of passwords.
    """
    needs("prosody", "prosodyctl")
    server = Server("prosody", free_port(), free_port())
    configuration = folder / "prosody.cfg.lua"
    configuration.write_text(
        _PROSODY.format(
            folder=folder,
            server=server,
            rooms=ROOMS,
            protocol=f"tlsv{version.replace('.', '_')}" if version else "tlsv1_2+",
            modules="".join(f'"{module}"; ' for module in modules),
            authentication=authentication,
        )
    )
    for plugin in PLUGINS.glob("*.lua"):
        shutil.copy(plugin, folder)
    _hand_over(folder, certificate, "prosody")
    for user in USERS:
        register = [path_of("prosodyctl"), "--config", configuration, "register", user]
        log = folder / f"register-{user}.log"
        with Program([*register, DOMAIN, PASSWORD], log, user="prosody") as prosodyctl:
            assert prosodyctl.wait() == 0, prosodyctl.output()
    with Program(
        [path_of("prosody"), "-F", "--config", configuration],
        folder / "prosody.log",
        user="prosody",
        folder=folder,
    ) as program:
        _wait_until_ready(server, program)
        yield server


@contextmanager
def ejabberd(
    folder: Path,
    certificate: trustme.LeafCert,
    version: str = "",
    client_ca: Path | None = None,
) -> Iterator[Server]:
    """Run ejabberd as its own system user, with all it needs in `folder`.

    `version` is the only one of TLS (`1.2`, `1.3`), and any when it is empty. With certificates
    of `client_ca` clients can log in by EXTERNAL.
    Its control script would start a node that others can reach, and for it a daemon that
    outlives the tests, so the Erlang machine is started without either.
    """
    needs("ejabberdctl", "erl")
    server = Server("ejabberd", free_port(), free_port())
    configuration = folder / "ejabberd.yml"
    options = {"tls_verify": True, "cafile": str(client_ca)} if client_ca else {}
    configuration.write_text(json.dumps(_ejabberd_configuration(folder, server, version, options)))
    _hand_over(folder, certificate, "ejabberd")
    database = ["-mnesia", "dir", f'"{folder}/database"']
    with Program(
        [path_of("erl"), "-noinput", *database, "-s", "ejabberd", "-eval", _registration()],
        folder / "ejabberd.log",
        user="ejabberd",
        folder=folder,
        environment={
            "ERL_LIBS": _libraries(),
            "ERL_CRASH_DUMP": f"{folder}/erl_crash.dump",
            "EJABBERD_CONFIG_PATH": str(configuration),
            "EJABBERD_LOG_PATH": f"{folder}/ejabberd-own.log",
            "HOME": str(folder),
        },
    ) as program:
        program.wait_for_line("accounts ready")
        _wait_until_ready(server, program)
        yield server


SERVERS: dict[str, Callable[..., AbstractContextManager[Server]]] = {
    "prosody": prosody, "ejabberd": ejabberd,
}  # fmt: skip


def _hand_over(folder: Path, certificate: trustme.LeafCert, user: str) -> None:
    certificate.private_key_pem.write_to_path(folder / "key.pem")
    certificate.private_key_and_cert_chain_pem.write_to_path(folder / "certificate.pem")
    if runs_as_root():
        for path in (folder, *folder.iterdir()):
            shutil.chown(path, user)


def _wait_until_ready(server: Server, program: Program) -> None:
    for port in (server.starttls_port, server.direct_port):
        eventually(partial(accepts_connections, port), f"listener on {port}", program.log)


def _registration() -> str:
    steps = [
        f'ok = ejabberd_auth:try_register(<<"{user}">>, <<"{DOMAIN}">>, <<"{PASSWORD}">>)'
        for user in USERS
    ]
    return ", ".join([*steps, 'io:format("accounts ready~n")']) + "."


def _libraries() -> str:
    script = Path(path_of("ejabberdctl")).read_text()
    found = re.search(r"^ERL_LIBS='?([^'\n]+)", script, re.MULTILINE)
    assert found is not None
    return found[1]


def _ejabberd_configuration(
    folder: Path, server: Server, version: str, options: dict[str, object]
) -> dict[str, object]:
    listener = {
        "ip": "127.0.0.1",
        "module": "ejabberd_c2s",
        "protocol_options": _OTHER_VERSIONS[version],
        **options,
    }
    return {
        "hosts": [DOMAIN],
        "loglevel": "info",
        "certfiles": [f"{folder}/certificate.pem"],
        "acme": {"auto": False},
        "listen": [
            {"port": server.starttls_port, "starttls_required": True, **listener},
            {"port": server.direct_port, "tls": True, **listener},
        ],
        "modules": {
            "mod_carboncopy": {},
            "mod_disco": {},
            "mod_mam": {"default": "always"},
            "mod_muc": {"host": ROOMS},
            "mod_offline": {},
            "mod_ping": {},
            "mod_roster": {},
            "mod_stream_mgmt": {},
        },
    }


_OTHER_VERSIONS = {
    "": ["no_sslv3"],
    "1.2": ["no_sslv3", "no_tlsv1", "no_tlsv1_1", "no_tlsv1_3"],
    "1.3": ["no_sslv3", "no_tlsv1", "no_tlsv1_1", "no_tlsv1_2"],
}

_PROSODY = """\
interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {server.starttls_port} }}
c2s_direct_tls_ports = {{ {server.direct_port} }}
c2s_require_encryption = true
modules_enabled = {{ "roster", "saslauth", "tls", "disco", "presence", "message", "iq", "offline",
  "carbons", "mam", "ping", "smacks"; {modules}}}
modules_disabled = {{ "s2s" }}
default_archive_policy = true
authentication = "{authentication}"
data_path = "{folder}/data"
plugin_paths = {{ "{folder}" }}
pidfile = "{folder}/prosody.pid"
log = {{ info = "*console" }}
ssl = {{ key = "{folder}/key.pem", certificate = "{folder}/certificate.pem";
  protocol = "{protocol}" }}
c2s_direct_tls_ssl = ssl
VirtualHost "capulet.example"
Component "{rooms}" "muc"
  restrict_room_creation = false
"""
