"""Which domains a proxy takes its clients to, besides the one that it stands in front of."""

from collections.abc import Iterable
from dataclasses import dataclass

from xmppspy.errors import UsageError
from xmppspy.protocol.hosts import host_name

_BELOW = "*."


@dataclass(frozen=True, slots=True)
class Domains:
    """All domains, or those of a list: `example.org` itself, `*.example.org` all below it."""

    everything: bool = False
    names: frozenset[str] = frozenset()
    below: tuple[str, ...] = ()
    """Each with the dot in front."""

    @classmethod
    def parse(cls, patterns: Iterable[str]) -> "Domains":
        """Read a list. Raises UsageError."""
        names, below = set[str](), list[str]()
        for pattern in patterns:
            is_below = pattern.startswith(_BELOW)
            name = host_name(pattern.removeprefix(_BELOW))
            if name is None:
                raise UsageError(
                    f"--allow {pattern!r}: write a domain, or *.DOMAIN for all that are below it"
                )
            if is_below:
                below.append(f".{name}")
            else:
                names.add(name)
        return cls(names=frozenset(names), below=tuple(below))

    def __contains__(self, domain: str) -> bool:
        return self.everything or domain in self.names or domain.endswith(self.below)
