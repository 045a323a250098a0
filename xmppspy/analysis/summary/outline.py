"""Outline: what a summary is made of, before it is one line."""

from typing import Final, NamedTuple

MOST: Final = 200
"""Characters of a summary, as a rule; more where more room was asked for."""


class Outline(NamedTuple):
    """What a frame is: what it is about, and what it says of that."""

    topic: str
    """What it is about, in a word or two; empty where the details speak for themselves."""
    details: str
    namespace: str = ""
    """The namespace of what it is about, unless the topic tells where that comes from."""

    @property
    def text(self) -> str:
        """The summary."""
        return (
            f"{self.topic} {self.details}"
            if self.topic and self.details
            else self.topic or self.details
        )
