"""Steps: what one SASL element says, as it may be shown."""

from dataclasses import dataclass, field
from typing import Final

from xmppspy.analysis.words import MASK, harmless

MASKED: Final = "masked"
"""What is shown for a secret that the capture itself does not hold any longer."""

_ROOM: Final = 200


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a payload says. Control characters are escaped, long values folded."""

    name: str
    value: str
    meaning: str = ""
    """What the value says, in words; empty where it speaks for itself."""

    def __str__(self) -> str:
        return f"{self.name}={self.value}" + (f" ({self.meaning})" if self.meaning else "")


@dataclass(frozen=True, slots=True)
class SaslStep:
    """One element of SASL (RFC 6120 §6) or SASL2 (XEP-0388). No secret is in it."""

    kind: str
    """Local name of the element."""
    mechanism: str
    """As it was named; empty while it is not known."""
    message: str = ""
    """What the payload is, as its specification calls it: `client-first`; empty without one."""
    fields: tuple[Field, ...] = ()
    warnings: tuple[str, ...] = ()
    """What is wrong, a sentence each."""
    masked: bool = False
    """Whether secrets were masked when the capture was made."""
    bridged: str = ""
    """`bridged as SCRAM-SHA-256-PLUS by tls-exporter`: how xmppspy logs in in the client's place."""

    def value(self, name: str) -> str | None:
        """The value of the first field of that name; None when there is none."""
        return next((each.value for each in self.fields if each.name == name), None)

    @property
    def start(self) -> str:
        """The mechanism, where this is a beginning; and what xmppspy made of it."""
        begins = self.kind in ("auth", "authenticate") and self.mechanism
        bridged = f"({self.bridged})" if self.bridged else ""
        return " ".join(filter(None, [self.mechanism if begins else "", bridged]))

    @property
    def text(self) -> str:
        """All of it but the element's name, on one line."""
        said = " ".join(filter(None, [self.start, *map(str, self.fields)]))
        return "; ".join([*filter(None, [said]), *(f"warning: {each}" for each in self.warnings)])


@dataclass(slots=True)
class Reading:
    """A step while it is being read."""

    message: str = ""
    fields: list[Field] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    masked: bool = False

    def say(self, name: str, value: str, meaning: str = "") -> None:
        """Add a field that may be shown; nothing when its value is empty."""
        if value:
            kept = value if len(value) <= _ROOM else value[:_ROOM] + "…"
            self.fields.append(Field(name, harmless(kept), meaning))

    def hide(self, name: str, secret: bytes | str) -> None:
        """Add a field of which is only said that it is there."""
        if not secret:
            self.fields.append(Field(name, "empty"))
            return
        is_masked = set(secret) <= {"*", ord("*")}
        self.masked |= is_masked
        self.fields.append(Field(name, MASKED if is_masked else MASK))

    def warn(self, text: str) -> None:
        """Add a sentence about what is wrong."""
        self.warnings.append(text)

    def step(self, kind: str, mechanism: str) -> SaslStep:
        """The step that was read."""
        return SaslStep(
            kind,
            harmless(mechanism[:_ROOM]),
            self.message,
            tuple(self.fields),
            tuple(self.warnings),
            self.masked,
        )
