"""Names: accounts, hosts and nicknames, each with a pseudonym of its own.

The same name has the same pseudonym wherever it stands, alone or in an address, so that what was
equal stays equal. They are numbered in the order in which they are met.
"""

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final, NamedTuple

from xmppspy.analysis.redaction.vocabulary import NAMELESS_HOSTS, NAMESPACES, SERVICES, WORDS

MIN_NAME: Final = 3
"""Letters of a name that is looked for in texts. A shorter one is replaced in addresses only."""

_MIN_DIGITS: Final = 6
_WORD: Final = re.compile(r"[^\W_]+")
_JID_OR_WORD: Final = re.compile(
    r"(?P<local>[^\s\"'<>&@/:,;(){}|?=#\[\]]+)(?P<at>@|%40|\\40)(?P<domain>[\w-]+(?:\.[\w-]+)*)"
    r"(?:/(?P<resource>[^\s\"'<>?#,;&]+))?|[^\W_]+"
)
_HOSTNAME: Final = re.compile(
    r"(?<![\w.@/-])(?:[\w-]+\.)+(?!md\b|py\b|pem\b|crt\b|jsonl\b)[^\W\d_][\w-]+(?![\w-])"
    r"|(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])"
    r"|\[[0-9A-Fa-f:.]+\]"
)
_URL_HOST: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#\s\"'<>@]*@)?([^/?#\s\"'<>:]+)")
_FORBIDDEN: Final = re.compile(r"[\"&'/:<>@\s\x00-\x1f\x7f]")


class _Known(NamedTuple):
    """A name that is looked for in texts."""

    offset: int
    """Characters of it before its first word."""
    name: str
    replacement: str


class Names:
    """The pseudonyms of one capture. Their number is that of the names in it."""

    def __init__(self) -> None:
        self._locals: dict[str, str] = {}
        self._domains: dict[str, str] = {}
        self._resources: dict[str, str] = {}
        self._addresses: dict[str, str] = {}
        self._labels: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        self._index: dict[str, list[_Known]] = {}
        self._known: set[str] = set()

    # --- what is known to be a name

    def jid(self, text: str) -> str:
        """An address. What is wrong with it stays wrong, as far as its form tells."""
        bare, slash, resource = text.partition("/")
        local, at, domain = bare.partition("@")
        if not at:
            local, domain = "", bare
        return f"{self.local(local)}{at}{self.host(domain)}{slash}{self.resource(resource)}"

    def user(self, text: str) -> str:
        """What someone logs in as: a localpart, or a whole address."""
        return self.jid(text) if "@" in text else self.local(text)

    def local(self, text: str) -> str:
        """A localpart."""
        return self._name(self._locals, text, text.lower(), "user")

    def resource(self, text: str) -> str:
        """A resource, or the nickname of an occupant of a room."""
        return self._name(self._resources, text, text, "res")

    def label(self, prefix: str, text: str) -> str:
        """Any other name; a nickname that is a resource or localpart elsewhere is it here."""
        name = text.strip()
        if not name:
            return text
        if name not in self._labels:
            known = self._resources.get(name) or self._locals.get(name.lower())
            self._labels[name] = known or self._next(prefix)
            self.know(name, self._labels[name])
        return self._labels[name]

    def host(self, text: str) -> str:
        """A domain or address on the Internet, perhaps with a port."""
        host, colon, port = text.rpartition(":")
        if colon and port.isdigit() and (":" not in host or host.endswith("]")):
            return self._host(host) + colon + port
        return self._host(text)

    def know(self, name: str, replacement: str) -> None:
        """Look for `name` in texts from now on."""
        words = _WORD.findall(name)
        if not words or name in self._known or not _is_telling(name, words):
            return
        self._known.add(name)
        first = _WORD.search(name)
        known = self._index.setdefault(words[0].lower(), [])
        known.append(_Known(first.start() if first else 0, name.lower(), replacement))
        known.sort(key=lambda each: -len(each.name))

    @property
    def counts(self) -> dict[str, int]:
        """How many names there are, by what they are."""
        return {
            "local part": len(self._locals),
            "host": len(self._domains) + len(self._addresses),
            "resource": len(self._resources),
            "other name": len(self._labels),
        }

    # --- names in texts

    def text(self, text: str, *, software: bool = False) -> str:
        """A text in which every known name, and whatever is an address, is replaced.

        The host of a URL becomes known, unless that may be where `software` comes from.
        """
        if text.startswith(NAMESPACES) and not any(map(str.isspace, text)):
            return text
        if "://" in text and not software:
            for match in _URL_HOST.finditer(text):
                self.host(match[1])
        return "".join(self._replaced(text))

    def telling(self, text: str) -> str:
        """The same for a sentence of xmppspy's own, where what looks like a host is one."""
        for match in _HOSTNAME.finditer(text):
            self.host(match[0])
        return self.text(text)

    def left_in(self, text: str) -> set[str]:
        """The names that a text still holds."""
        found: set[str] = set()
        for match in _WORD.finditer(text):
            known = self._at(text, match)
            if known is not None and known.name != known.replacement:
                found.add(known.name)
        return found

    def _replaced(self, text: str) -> Iterator[str]:
        at = 0
        has_address = "@" in text or "%40" in text or "\\40" in text
        for match in (_JID_OR_WORD if has_address else _WORD).finditer(text):
            if match.start() < at:
                continue
            if match.lastgroup and self._is_address(match):
                yield text[at : match.start()] + self._address(match)
                at = match.end()
                continue
            for word in _WORD.finditer(text, *match.span()):
                known = self._at(text, word) if word.start() >= at else None
                start = word.start() - known.offset if known else 0
                if known and start >= at:
                    yield text[at:start] + known.replacement
                    at = start + len(known.name)
        yield text[at:]

    def _at(self, text: str, word: re.Match[str]) -> _Known | None:
        for known in self._index.get(word[0].lower(), ()):
            start = word.start() - known.offset
            stop = start + len(known.name)
            if start < 0 or text[start:stop].lower() != known.name:
                continue
            if not text[stop : stop + 1].isalnum():
                return known
        return None

    def _is_address(self, match: re.Match[str]) -> bool:
        domain = match["domain"].lower()
        if domain in NAMELESS_HOSTS:
            return False
        return domain in self._domains or "." in domain

    def _address(self, match: re.Match[str]) -> str:
        resource = "/" + self.resource(match["resource"]) if match["resource"] else ""
        return f"{self.local(match['local'])}{match['at']}{self._host(match['domain'])}{resource}"

    # --- pseudonyms

    def _name(self, names: dict[str, str], text: str, key: str, prefix: str) -> str:
        if not text:
            return text
        if key not in names:
            flaw = _FORBIDDEN.search(text) if prefix == "user" else None
            known = self._labels.get(text) or self._next(prefix)
            names[key] = known + (flaw[0] if flaw else "")
            self.know(text, names[key])
        return names[key]

    def _next(self, prefix: str) -> str:
        self._counts[prefix] = self._counts.get(prefix, 0) + 1
        return f"{prefix}{self._counts[prefix]}"

    def _host(self, host: str) -> str:
        bare = host.strip("[]")
        if ":" not in bare and not bare[-1:].isdigit():
            return self._domain(host)  # Most are; this is asked of every JID.
        try:
            return self._internet(host, ip_address(bare))
        except ValueError:
            return self._domain(host)

    def _internet(self, text: str, address: IPv4Address | IPv6Address) -> str:
        if address.is_loopback or address.is_unspecified:
            return text
        key = address.compressed
        if key not in self._addresses:
            number = int(self._next("ip")[2:])
            is_v4 = isinstance(address, IPv4Address)
            self._addresses[key] = _documentation(number) if is_v4 else f"2001:db8::{number:x}"
            self.know(text.strip("[]"), self._addresses[key])
        replacement = self._addresses[key]
        return f"[{replacement}]" if text.startswith("[") else replacement

    def _domain(self, text: str) -> str:
        key = text.lower().removesuffix(".")
        if not key or key in NAMELESS_HOSTS:
            return text
        if key not in self._domains:
            flaw = _FORBIDDEN.search(text)
            self._domains[key] = self._new_domain(key) + (flaw[0] if flaw else "")
            self.know(key, self._domains[key])
        return self._domains[key] + ("." if text.endswith(".") else "")

    def _new_domain(self, domain: str) -> str:
        label, _, parent = domain.partition(".")
        if parent in self._domains:
            name = label if label in SERVICES else self._next("host")
            return f"{name}.{self._domains[parent]}"
        return f"{self._next('domain')}.example"


def _is_telling(name: str, words: list[str]) -> bool:
    """Whether it is a name where it stands in a text, and not most probably something else."""
    if len(name) < MIN_NAME or name.lower() in WORDS:
        return False
    if name.isdigit():
        return len(name) >= _MIN_DIGITS
    return len(words) > 1 or len(words[0]) >= MIN_NAME


def _documentation(number: int) -> str:
    """An address of the networks for documentation (RFC 5737), then of those for tests."""
    network, host = divmod(number - 1, 254)
    networks = ("192.0.2", "198.51.100", "203.0.113")
    if network < len(networks):
        return f"{networks[network]}.{host + 1}"
    return f"198.18.{network % 256}.{host + 1}"
