"""profanity in tmux: keys go in, what stands on the screen comes out."""

import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.real.clients import Endpoint
from tests.real.programs import eventually, needs, path_of
from tests.real.servers import DOMAIN, PASSWORD


class Profanity:
    """romeo in profanity, with folders, account and trust of his own."""

    def __init__(self, endpoint: Endpoint, folder: Path) -> None:
        needs("profanity", "tmux", "openssl")
        self._folder = folder / "profanity"
        self._socket = str(folder / "tmux")
        _configure(endpoint, self._folder)

    def __enter__(self) -> Self:
        homes = {"HOME": "", "XDG_CONFIG_HOME": "config", "XDG_DATA_HOME": "data"}
        environment = [f"{name}={self._folder / place}" for name, place in homes.items()]
        size = ["-x", "120", "-y", "40"]
        program = ["env", *environment, path_of("profanity"), "-l", "DEBUG", "-a", "romeo"]
        self._tmux("new-session", "-d", "-s", "profanity", *size, *program)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._tmux("kill-server", check=False)

    def talk(self, words: str) -> None:
        """Log in over verified TLS, say something to juliet, see her answer, and quit."""
        self.see("[TLS] [online]")
        self.type(f"/msg juliet@{DOMAIN} {words}")
        self.see(f"juliet heard: {words}")
        self.type("/quit")
        eventually(lambda: not self._is_running(), "end of profanity", self.log)

    def type(self, line: str) -> None:
        """Type a line and Enter."""
        self._tmux("send-keys", "-t", "profanity", "-l", line)
        self._tmux("send-keys", "-t", "profanity", "Enter")

    def see(self, text: str) -> None:
        """Wait until `text` stands on the screen."""
        eventually(lambda: text in self.screen(), f"{text!r} on profanity's screen", self.log)

    def screen(self) -> str:
        """What stands on the screen."""
        return self._tmux("capture-pane", "-p", "-t", "profanity", check=False)

    @property
    def log(self) -> Path:
        """What profanity writes about itself."""
        return self._folder / "data" / "profanity" / "logs" / "profanity.log"

    def _is_running(self) -> bool:
        return bool(self._tmux("list-sessions", check=False))

    def _tmux(self, *arguments: str, check: bool = True) -> str:
        command = [path_of("tmux"), "-S", self._socket, "-f", "/dev/null", *arguments]
        done = subprocess.run(command, capture_output=True, check=check, text=True, timeout=60)
        return done.stdout


def _configure(endpoint: Endpoint, folder: Path) -> None:
    trusted = folder / "trusted"
    for place in (trusted, folder / "config" / "profanity", folder / "data" / "profanity"):
        place.mkdir(parents=True)
    (trusted / "ca.pem").write_bytes(endpoint.ca.read_bytes())
    subprocess.run([path_of("openssl"), "rehash", trusted], check=True, timeout=60)
    (folder / "config" / "profanity" / "profrc").write_text(_SETTINGS.format(trusted=trusted))
    (folder / "data" / "profanity" / "accounts").write_text(
        _ACCOUNT.format(
            domain=DOMAIN,
            port=endpoint.port,
            password=PASSWORD,
            policy="legacy" if endpoint.tls == "direct" else "force",
        )
    )


_SETTINGS = """\
[ui]
splash=false
[notifications]
message=off
[connection]
tls.certpath={trusted}
"""

_ACCOUNT = """\
[romeo]
enabled=true
jid=romeo@{domain}
resource=profanity
server=127.0.0.1
port={port}
password={password}
tls.policy={policy}
"""
