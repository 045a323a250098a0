"""The lines of the control protocol, version 1: JSON objects, one a line, in UTF-8."""

from difflib import get_close_matches
from typing import Final, TypeAlias, TypeVar, get_args

import msgspec

from xmppspy.capture.format import encode_value
from xmppspy.control.news import AnyNews, News
from xmppspy.control.replies import Error, Reply
from xmppspy.control.requests import AnyRequest, Request

VERSION: Final = 1
"""Of the protocol. What is added to it does not change the number: unknown keys are ignored."""

MAX_LINE: Final = 16 * 1024 * 1024
"""Bytes of a line; the largest stanza fits in, unless all of it has to be escaped."""

R = TypeVar("R", bound=Reply)
T = TypeVar("T")
Id: TypeAlias = int | str | None


class _Envelope(msgspec.Struct):
    """What has to be known of a request before its other keys mean anything."""

    command: str | None = None
    id: Id = None


class _EventName(msgspec.Struct):
    """What tells an event from an answer."""

    event: str | None = None


class Greeting(msgspec.Struct, frozen=True, kw_only=True):
    """The first line to each client."""

    control: int = VERSION
    """The protocol's version."""
    tool: str
    """Name and version of what listens."""
    pid: int
    """The number of its process."""


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line that answers a request: with `ok` or with `error`."""

    id: Id = None
    """The request's."""
    ok: msgspec.Raw = msgspec.Raw()
    """What the request's command replies with."""
    error: Error | None = None
    """Why it was not carried out."""

    def read(self, kind: type[R]) -> R:
        """What stands under `ok`. Raises ValueError when it is something else."""
        return _decode(bytes(self.ok), kind)


class Refused(Exception):  # noqa: N818
    """A request is not carried out."""

    def __init__(self, error: Error) -> None:
        super().__init__(error.detail)
        self.error = error


class BadRequest(Refused):
    """A line that is no request. `id` is its, as far as it could be read."""

    def __init__(self, name: str, detail: str, request_id: Id = None) -> None:
        super().__init__(Error(name=name, detail=detail))
        self.id = request_id


REQUESTS: Final[dict[str, type[AnyRequest]]] = {
    str(kind.__struct_config__.tag): kind for kind in get_args(AnyRequest)
}
"""The commands."""


def read_request(line: bytes) -> AnyRequest:
    """Read a line as a request. Raises BadRequest."""
    try:
        envelope = _decode(line, _Envelope)
    except ValueError as error:
        raise BadRequest("bad-request", _words(error)) from None
    kind = REQUESTS.get(envelope.command or "")
    if kind is None:
        raise BadRequest("unknown-command", _unknown(envelope.command), envelope.id)
    try:
        return _decode(line, kind)
    except ValueError as error:
        detail = f"{envelope.command}: {_words(error)}"
        raise BadRequest("bad-request", detail, envelope.id) from None


def read_line(line: bytes) -> Answer | News:
    """Read a line that came from a proxy, behind its greeting. Raises ValueError.

    Of an event that is not known yet, only that it happened is told: `News()`.
    """
    if _decode(line, _EventName).event is None:
        return _decode(line, Answer)
    try:
        return msgspec.json.decode(line, type=AnyNews)
    except msgspec.ValidationError:
        return News()


def read_greeting(line: bytes) -> Greeting:
    """Read the first line that came from a proxy. Raises ValueError when it is something else."""
    return _decode(line, Greeting)


def request_line(request: Request) -> bytes:
    """Write a request."""
    return encode_value(request)


def greeting_line(greeting: Greeting) -> bytes:
    """Write the first line."""
    return encode_value(greeting)


def reply_line(request_id: Id, reply: Reply) -> bytes:
    """Write what answers a request that was carried out."""
    return encode_value({"id": request_id, "ok": reply})


def error_line(request_id: Id, error: Error) -> bytes:
    """Write what answers a request that was not."""
    return encode_value({"id": request_id, "error": error})


def news_line(news: News) -> bytes:
    """Write an event."""
    return encode_value(news)


def _decode(data: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.MsgspecError as error:
        raise ValueError(str(error)) from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _words(error: ValueError) -> str:
    """What msgspec says, in our words: `n: expected int, got str`."""
    said, _, place = str(error).partition(" - at `$")
    said = said.replace("`", "").replace("Invalid enum value", "it cannot be")
    if not said.startswith("JSON"):
        said = said[:1].lower() + said[1:]
    return f"{place.strip('.`')}: {said}" if place else said


def _unknown(command: str | None) -> str:
    known = ", ".join(REQUESTS)
    if command is None:
        return f"no command was given; there are {known}"
    close = get_close_matches(command, REQUESTS, 1)
    hint = f"did you mean {close[0]}? " if close else ""
    return f"there is no command {command[:40]!r}; {hint}there are {known}"
