"""Fields: what is filled in where a stanza is made."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Field:
    """One place to fill in."""

    name: str
    help: str
    form: str = ""
    """How it is written, `{}` for the value; without it, as an attribute of its name."""
    default: str = ""
    blank: str | None = None
    """What a composer shows when there is no value; None: the field is left out."""
    is_xml: bool = False
    """Whether the value is XML, which stands there as it is."""
    is_needed: bool = False

    @property
    def is_attribute(self) -> bool:
        """Whether the value stands between quotation marks."""
        return not self.form or self.form.startswith(" ")


TO: Final = Field("to", "the receiver; without it the account itself", blank="")
FROM: Final = Field("from", "the sender; a server sets it itself")
ID: Final = Field("id", "made when it is not given")
NODE: Final = Field("node", "a part of the entity (XEP-0030)")
PAYLOAD: Final = Field(
    "payload", "the child element, as XML", "{}", blank='<query xmlns=""/>', is_xml=True,
    is_needed=True,
)  # fmt: skip
EXTRA: Final = Field("payload", "more child elements, as XML", "{}", is_xml=True)
