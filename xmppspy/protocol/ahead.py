"""Elements that are wholly at hand, cut many at a time: the framer's way for the usual case.

A framer that keeps its place in every token spends most of its time on keeping it. Where whole
elements are there, with nothing in them but tags and character data, one loop over all tags does.
Of everything else it says nothing, and the framer reads that token by token.
"""

from typing import Final

from xmppspy.protocol.context import DEFAULT_CONTEXT, StreamContext
from xmppspy.protocol.elements import Element
from xmppspy.protocol.frames import Frame, frame_of
from xmppspy.protocol.tokens import INSIDE

WINDOW: Final = 32 * 1024
"""Bytes that are looked at; a longer element is left to the framer."""

_LESS: Final = 0x3C
_NOTHING: Final = Element(b"", b"", DEFAULT_CONTEXT)


def cut(
    buffer: bytearray, start: int, max_frame: int, most: int, offset: int, context: StreamContext
) -> list[Frame]:
    """The frames that begin at `start` inside of an open stream, `most` at the most.

    `offset` is that of the first one in the direction. What may begin a stream is none of them.
    """
    data = bytes(memoryview(buffer)[start : start + WINDOW])
    frames: list[Frame] = []
    stack: list[bytes] = []
    depth = begin = at = 0
    element = _NOTHING
    match_tag = INSIDE.match  # not finditer, which would look for more behind what is no tag
    while match := match_tag(data, at):
        end, name, region, is_whole = match.groups()
        at = match.end()
        if not depth:
            if end is not None or data[begin] != _LESS or name.endswith(b"stream"):
                break
            element = Element(name, region, context)
            if is_whole is None:
                stack.append(name)
                depth = 1
                continue
        elif end is None:
            if depth == 1:
                element.add_child(name, region)
            if is_whole is None:
                stack.append(name)
                depth += 1
            continue
        else:
            depth -= 1
            if stack.pop() != end:
                break
            if depth:
                continue
        if at - begin > max_frame:
            break
        frame = data[begin:at]
        frames.append(frame_of(element, frame, offset + begin, context, element.children))
        if len(frames) == most:
            break
        begin = at
    return frames
