"""Every error xmppspy raises on purpose, as one tree.

    XmppspyError                 what a command prints as one line
    ├── UsageError               the person asked for something impossible (exit code 2)
    │   ├── FilterError          a filter text that does not parse
    │   ├── CaptureError         a file that is not a readable capture
    │   │   ├── NotACapture
    │   │   └── UnsupportedVersion
    │   ├── CaptureExists        a capture would overwrite a file
    │   ├── RulesError           a rules file that cannot be followed
    │   ├── ScriptError          a script that cannot be loaded
    │   ├── MalformedXML         XML of the person's own that cannot go into its stream
    │   ├── TemplateError        a stanza that cannot be made of what was given
    │   ├── PlaceError           a control socket cannot be at its place
    │   ├── SeveralProxies       more than one running proxy could be meant
    │   └── AuthorityError       the CA's files cannot be read or written
    ├── ListenError              the listening address cannot be had
    ├── UpstreamError            the server cannot be reached
    │   ├── LookupFailed         the DNS gives no answer that could be used
    │   ├── ServiceRefused       the DNS says that there is no such service (target ".")
    │   ├── ConnectFailed        no address of the server accepts a connection
    │   └── DomainRefused        clients are not taken to this domain
    ├── PeerError                the other end of a connection of our own is silent, gone or broken
    ├── ControlError             no running proxy can be asked, or the one asked has gone
    │   └── RequestRefused       it does not do what it was asked for
    ├── DemoError                the scene of the demo cannot be played to its end
    └── TLSError                 a TLS layer failed; stays inside the core and becomes an event

A malformed or hostile *peer* is never an exception: it becomes an event of the capture
(`xmppspy.protocol.events`). Errors carry data; the sentence is built by `__str__`.
"""

import unicodedata
from dataclasses import dataclass
from itertools import accumulate, takewhile
from typing import Final

_BEFORE: Final = 48
"""Columns of a terminal shown before a mistake."""

_BEHIND: Final = 30
"""Columns shown from there on."""


class XmppspyError(Exception):
    """The root. `str()` of any leaf is one line that says what is wrong and what to do."""

    exit_code = 1
    """What a command that stops on this error exits with."""


class UsageError(XmppspyError):
    """Wrong usage or unreadable input: nothing was started."""

    exit_code = 2


@dataclass(eq=False, repr=False)
class FilterError(UsageError):
    """A filter text that does not parse.

    `position` is the offset in characters of the place in `text` where the mistake is.
    """

    text: str
    position: int
    reason: str
    hint: str = ""

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        blank = " " * _width(self.text[: self.position])
        return f"filter: {self.reason}{hint}\n  {self.text}\n  {blank}^"


@dataclass(eq=False, repr=False)
class CaptureError(UsageError):
    """A capture that cannot be read. `line` counts from 1; 0 when the whole file is meant."""

    path: str
    reason: str
    line: int = 0

    def __str__(self) -> str:
        place = f"{self.path}, line {self.line}" if self.line else self.path
        return f"{place}: {self.reason}"


class NotACapture(CaptureError):  # noqa: N818
    """The file holds something else."""


class UnsupportedVersion(CaptureError):  # noqa: N818
    """The capture was written by a newer xmppspy."""


@dataclass(eq=False, repr=False)
class CaptureExists(UsageError):  # noqa: N818
    """A capture is never overwritten or appended to."""

    path: str

    def __str__(self) -> str:
        return f"{self.path} exists already; choose another name with -w, or move it away"


@dataclass(eq=False, repr=False)
class RulesError(UsageError):
    """A rules file that cannot be followed. `line` counts from 1; 0 when the whole file is meant.

    `shown` is the text at fault with a caret under the place, where that helps.
    """

    path: str
    line: int
    reason: str
    shown: str = ""

    def __str__(self) -> str:
        place = f"{self.path}, line {self.line}" if self.line else self.path
        return f"{place}: {self.reason}" + (f"\n{self.shown}" if self.shown else "")


@dataclass(eq=False, repr=False)
class ScriptError(UsageError):
    """A script that cannot be loaded. `line` counts from 1; 0 when no line of it is to blame."""

    path: str
    reason: str
    line: int = 0

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.reason}"


@dataclass(eq=False, repr=False)
class MalformedXML(UsageError):  # noqa: N818
    """XML that a person wants in a stream, where it would not be well-formed.

    `position` is the offset in characters of the place in `text` where the mistake is.
    """

    text: str
    position: int
    reason: str

    @property
    def shown(self) -> str:
        """The piece of the text around the mistake, and a caret under the place; or nothing."""
        if not self.text.strip():
            return ""
        start = self.text.rfind("\n", 0, self.position) + 1
        before = _printable(self.text[start : self.position])
        before = before[len(before) - _fitting(before[::-1], _BEFORE) :]
        behind = _printable(self.text[self.position :].partition("\n")[0])
        behind = behind[: _fitting(behind, _BEHIND)]
        return f"  {before}{behind}\n  {' ' * _width(before)}^"

    def __str__(self) -> str:
        return f"XML: {self.reason}" + (f"\n{self.shown}" if self.shown else "")


@dataclass(eq=False, repr=False)
class TemplateError(UsageError):
    """A stanza that cannot be made of what was given for a template."""

    template: str
    reason: str

    def __str__(self) -> str:
        return f"template {self.template}: {self.reason}"


@dataclass(eq=False, repr=False)
class AuthorityError(UsageError):
    """The CA's files cannot be read, written or understood."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"certificate authority in {self.path}: {self.reason}"


@dataclass(eq=False, repr=False)
class PlaceError(UsageError):
    """A control socket cannot be at its place."""

    path: str
    reason: str

    def __str__(self) -> str:
        return (
            f"control socket {self.path}: {self.reason}; choose another place with --control PATH"
        )


@dataclass(eq=False, repr=False)
class SeveralProxies(UsageError):  # noqa: N818
    """More than one running proxy could be meant. `reason` lists them."""

    reason: str

    def __str__(self) -> str:
        return self.reason


@dataclass(eq=False, repr=False)
class ListenError(XmppspyError):
    """The listening address cannot be had."""

    address: str
    reason: str

    def __str__(self) -> str:
        return f"cannot listen on {self.address}: {self.reason}; choose another with -l [HOST:]PORT"


@dataclass(eq=False, repr=False)
class UpstreamError(XmppspyError):
    """The server cannot be reached. `target` is what was asked for, a domain or HOST:PORT."""

    target: str
    reason: str

    def __str__(self) -> str:
        return f"{self.target}: {self.reason}"


class LookupFailed(UpstreamError):  # noqa: N818
    """The DNS gives no answer that could be used."""


class ServiceRefused(UpstreamError):  # noqa: N818
    """The DNS says that the domain offers no such service (RFC 2782, target ".")."""


class ConnectFailed(UpstreamError):  # noqa: N818
    """No address of the server accepts a connection."""


class DomainRefused(UpstreamError):  # noqa: N818
    """Clients are not taken to this domain, because nobody has asked for that."""


@dataclass(eq=False, repr=False)
class PeerError(XmppspyError):
    """The other end of a connection of our own is silent, gone or broken. `reason`: one sentence."""

    reason: str

    def __str__(self) -> str:
        return self.reason


@dataclass(eq=False, repr=False)
class ControlError(XmppspyError):
    """No running proxy can be asked, or the one that was asked has gone. `reason`: one sentence."""

    reason: str

    def __str__(self) -> str:
        return self.reason


@dataclass(eq=False, repr=False)
class RequestRefused(ControlError):  # noqa: N818
    """A running proxy does not do what it was asked for.

    `name` is the kind of error in the control protocol; `shown` the text at fault with a caret
    under the place, where that helps.
    """

    name: str
    shown: str = ""
    exit_code: int = 1

    def __str__(self) -> str:
        return f"{self.reason}\n{self.shown}" if self.shown else self.reason


@dataclass(eq=False, repr=False)
class DemoError(XmppspyError):
    """The scene of the demo cannot be played to its end. `reason` is one sentence, or a part."""

    reason: str

    def __str__(self) -> str:
        return f"the demo stopped: {self.reason}"


@dataclass(eq=False, repr=False)
class TLSError(XmppspyError):
    """A TLS layer failed.

    `kind` is `refusal` (the peer does not accept our certificate), `alert` (it refused for another
    reason), `verify` (the peer's certificate was refused here), `local` (no TLS could be begun) or
    `protocol` (anything else); `reason` is OpenSSL's, in plain words.
    """

    kind: str
    reason: str

    def __str__(self) -> str:
        return self.reason


def _printable(text: str) -> str:
    """The text, as long as it was, without what would disturb a terminal or the caret's place."""
    return "".join(
        each if each.isprintable() else " " if each == "\t" else "\ufffd" for each in text
    )


def _width(text: str) -> int:
    """The columns that it takes on a terminal."""
    return sum(map(_columns, text))


def _fitting(text: str, columns: int) -> int:
    """How many of its first characters fit into so many columns."""
    ends = accumulate(map(_columns, text))
    return sum(1 for _ in takewhile(lambda end: end <= columns, ends))


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
