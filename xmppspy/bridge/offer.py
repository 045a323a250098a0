"""Offer: the edits of what `<stream:features/>` offer for logging in."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from xmppspy.analysis.sasl.offers import Offers, offers_in
from xmppspy.bridge.edits import local
from xmppspy.protocol.framing import Frame
from xmppspy.protocol.stanza import read
from xmppspy.protocol.tokens import attributes, character_data, tokens

_PROFILES: Final = {b"mechanisms", b"authentication"}
"""The parents of SASL's and SASL2's mechanisms; FAST's stand in another (XEP-0484)."""
_BOUND_TOKEN: Final = re.compile(r"HT2?-.+-(?:ENDP|EXPR|UNIQ)")
_PASSWORD_HASHES: Final = ("SCRAM-", "DIGEST-MD5", "CRAM-MD5")


@dataclass(frozen=True, slots=True)
class Change:
    """An offer as the client sees it, where that is not the server's."""

    data: bytes
    offers: Offers


def offers_of(frame: Frame) -> Offers:
    """What a `<stream:features/>` frame offers."""
    tree = read(frame).tree
    return Offers() if tree is None else offers_in(tree)


def changed(frame: Frame, edit: Callable[[bytes], bytes]) -> Change:
    """The frame after an edit."""
    data = edit(frame.data)
    return Change(data, offers_of(replace(frame, data=data)))


def binds(mechanism: str) -> bool:
    """Whether a mechanism binds to the TLS channel by its name (RFC 5802 §4, XEP-0484)."""
    return mechanism.endswith("-PLUS") or _BOUND_TOKEN.fullmatch(mechanism) is not None


# --- edits


def without_binding(data: bytes) -> bytes:
    """Without mechanisms that bind, and without the types of XEP-0440, which belong to them."""
    return _without_types(_without(data, lambda each: binds(each.name)))


def plain_only(data: bytes) -> bytes:
    """With PLAIN for all that a password serves for, so that the client shows it."""

    def is_hashed(each: "_Mechanism") -> bool:
        return each.parent in _PROFILES and each.name.startswith(_PASSWORD_HASHES)

    return _without_types(_without(with_mechanisms(data, ["PLAIN"]), is_hashed))


def with_mechanisms(data: bytes, names: Sequence[str]) -> bytes:
    """With these mechanisms too, behind those that each profile has."""
    found = list(_mechanisms(data))
    for parent in _PROFILES:
        of_parent = [each for each in found if each.parent == parent]
        if of_parent:
            held = {each.name for each in of_parent}
            last = of_parent[-1]
            template = data[last.start : last.stop].partition(last.name.encode())
            more = b"".join(
                template[0] + name.encode() + template[2] for name in names if name not in held
            )
            data = data[: last.stop] + more + data[last.stop :]
            found = list(_mechanisms(data))
    return data


def with_types_only(data: bytes, types: Collection[str]) -> bytes:
    """With those of the channel-binding types alone that are in `types`."""
    out = bytearray(data)
    for start, stop, kind in reversed(list(_types(data))):
        if kind not in types:
            del out[start:stop]
    return bytes(out)


def _without(data: bytes, leaves: "Callable[[_Mechanism], bool]") -> bytes:
    out = bytearray(data)
    for each in reversed(list(_mechanisms(data))):
        if leaves(each):
            del out[each.start : each.stop]
    return bytes(out)


def _without_types(data: bytes) -> bytes:
    out = bytearray(data)
    for each in reversed(list(_elements(data))):
        if each.name == b"sasl-channel-binding":
            del out[each.start : each.stop]
    return bytes(out)


# --- what stands where


class _Element(NamedTuple):
    start: int
    stop: int
    name: bytes
    parent: bytes
    tag_stop: int


class _Mechanism(NamedTuple):
    start: int
    stop: int
    name: str
    parent: bytes


def _mechanisms(data: bytes) -> Iterator[_Mechanism]:
    """The mechanisms with text in them, in order."""
    for each in _elements(data):
        if each.name == b"mechanism":
            text, _, _ = data[each.tag_stop : each.stop].partition(b"<")
            name = character_data(text).strip()
            if name:
                yield _Mechanism(each.start, each.stop, name, each.parent)


def _types(data: bytes) -> Iterator[tuple[int, int, str]]:
    for each in _elements(data):
        if each.name == b"channel-binding" and each.parent == b"sasl-channel-binding":
            told = dict(attributes(data[each.start : each.tag_stop]))
            yield each.start, each.stop, told.get("type", "")


def _elements(data: bytes) -> Iterator[_Element]:
    """All elements by their local names, in the order of their ends."""
    opened: list[tuple[int, int, bytes]] = []
    for token in tokens(data):
        parent = opened[-1][2] if opened else b""
        if token.kind == "empty":
            yield _Element(token.start, token.stop, local(token.name), parent, token.stop)
        elif token.kind == "start":
            opened.append((token.start, token.stop, local(token.name)))
        elif token.kind == "end" and opened:
            start, tag_stop, name = opened.pop()
            parent = opened[-1][2] if opened else b""
            yield _Element(start, token.stop, name, parent, tag_stop)
