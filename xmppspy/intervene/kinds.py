"""Kinds of actions: what a rule can name, and what each can be told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from xmppspy.intervene.actions import Act
from xmppspy.intervene.values import BadValueError, Read
from xmppspy.protocol.toxics import Toxic

Given: TypeAlias = Mapping[str, Any]
"""What an action is told, by the names of its parameters; those that stand in the file."""


@dataclass(slots=True)
class Source:
    """Where the rules come from, and what was noticed while they were read."""

    load: Callable[[str], str]
    """Reads a file that a rule names; raises OSError, or UnicodeError when it is no text."""
    files: list[str] = field(default_factory=list)
    """Those that were read."""
    hints: list[str] = field(default_factory=list)
    """What looks like a mistake without being one, a sentence each."""

    def text_of(self, name: str) -> str:
        """What stands in a file; raises `BadValueError`."""
        self.files.append(name)
        try:
            return self.load(name)
        except OSError as error:
            raise BadValueError(f"{name}: {error.strerror or error}") from None
        except UnicodeError:
            raise BadValueError(f"{name}: this is no UTF-8") from None


Make: TypeAlias = Callable[[Given, Source], Act]
"""Makes an action of what it is told; raises `BadValueError`, `FilterError`, `MalformedXML`."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that an action can be told."""

    name: str
    help: str
    read: Read
    is_needed: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of action. Its first parameter is the main one, which needs no name."""

    name: str
    help: str
    example: str
    """As TOML."""
    make: Make
    parameters: tuple[Parameter, ...] = ()
    is_last: bool = False
    """Whether no further rule is looked at."""
    is_silent: bool = False
    """Whether it needs no note of its own."""
    toxic: Callable[..., Toxic] | None = None
    """What it makes of its parameters to be done to all bytes of a direction, if that can be."""
