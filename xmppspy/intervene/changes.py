"""Changes: what becomes of a part of a stanza, as bytes in the stead of others."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from xmppspy.intervene import escaping
from xmppspy.intervene.spans import AttributeSpan, ElementSpan
from xmppspy.intervene.trouble import TroubleError


class EditError(TroubleError):
    """A stanza that cannot be edited so."""


class Splice(NamedTuple):
    """Bytes in the stead of others."""

    start: int
    stop: int
    data: bytes


class Change(Protocol):
    """What becomes of each part that is selected. Raises `EditError` where that cannot be."""

    def of_element(self, element: ElementSpan) -> Iterator[Splice]:
        """Change an element."""

    def of_attribute(self, attribute: AttributeSpan) -> Splice:
        """Change an attribute."""

    def of_text(self, element: ElementSpan) -> Iterator[Splice]:
        """Change the text in an element."""


@dataclass(frozen=True, slots=True)
class NewText:
    """A text takes the place of all that is in the element, or of the attribute's value."""

    text: str

    def of_element(self, element: ElementSpan) -> Iterator[Splice]:
        """Change the content."""
        yield _new_content(element, escaping.text(self.text).encode())

    def of_attribute(self, attribute: AttributeSpan) -> Splice:
        """Change the value."""
        value = escaping.attribute(self.text).encode()
        return Splice(attribute.value, attribute.value_stop, value)

    of_text = of_element


@dataclass(frozen=True, slots=True)
class NewAttribute:
    """An attribute of the element gets another value, and is added where it has none."""

    name: str
    """As written in the tag, prefix and all."""
    value: str

    def of_element(self, element: ElementSpan) -> Iterator[Splice]:
        """Change the attribute."""
        value = escaping.attribute(self.value)
        end = element.name_stop
        for each in element.attributes:
            if each.name == self.name:
                yield Splice(each.value, each.value_stop, value.encode())
                return
            end = each.stop
        yield Splice(end, end, f' {self.name}="{value}"'.encode())

    def of_attribute(self, attribute: AttributeSpan) -> Splice:
        """An attribute has none."""
        raise EditError(
            f"{attribute.name} is an attribute and cannot get the attribute {self.name}"
        )

    def of_text(self, element: ElementSpan) -> Iterator[Splice]:
        """Nor has a text."""
        raise EditError(f"the text of {element.name} cannot get the attribute {self.name}")


@dataclass(frozen=True, slots=True)
class NoAttribute:
    """An attribute of the element is removed, if it has it."""

    name: str

    def of_element(self, element: ElementSpan) -> Iterator[Splice]:
        """Remove the attribute."""
        for each in element.attributes:
            if each.name == self.name:
                yield Splice(each.start, each.stop, b"")

    def of_attribute(self, attribute: AttributeSpan) -> Splice:
        """An attribute has none."""
        raise EditError(f"{attribute.name} is an attribute and has no attribute {self.name}")

    def of_text(self, element: ElementSpan) -> Iterator[Splice]:
        """Nor has a text."""
        raise EditError(f"the text of {element.name} has no attribute {self.name}")


@dataclass(frozen=True, slots=True)
class NewElement:
    """An element takes the place of the element, or of the text in one."""

    xml: bytes

    def of_element(self, element: ElementSpan) -> Iterator[Splice]:
        """Change the element."""
        yield _in_its_place(element, self.xml)

    def of_attribute(self, attribute: AttributeSpan) -> Splice:
        """An attribute holds no elements."""
        raise EditError(f"no element can stand in the place of the attribute {attribute.name}")

    def of_text(self, element: ElementSpan) -> Iterator[Splice]:
        """Change the content."""
        yield _new_content(element, self.xml)


@dataclass(frozen=True, slots=True)
class Removed:
    """The part goes: the element, the attribute, the text."""

    def of_element(self, element: ElementSpan) -> Iterator[Splice]:
        """Remove the element."""
        yield _in_its_place(element, b"")

    def of_attribute(self, attribute: AttributeSpan) -> Splice:
        """Remove the attribute."""
        return Splice(attribute.start, attribute.stop, b"")

    def of_text(self, element: ElementSpan) -> Iterator[Splice]:
        """Leave nothing in the element."""
        yield _new_content(element, b"")


REMOVED: Final = Removed()


def _in_its_place(element: ElementSpan, data: bytes) -> Splice:
    _demand_end(element)
    return Splice(element.start, element.stop, data)


def _new_content(element: ElementSpan, content: bytes) -> Splice:
    _demand_end(element)
    if not element.is_empty:
        return Splice(element.inner, element.inner_stop, content)
    start = len(element.data[: element.stop - 2].rstrip())
    return Splice(start, element.stop, b">%s</%s>" % (content, element.name.encode()))


def _demand_end(element: ElementSpan) -> None:
    if element.is_open:
        raise EditError("the stream it begins has not ended yet")
