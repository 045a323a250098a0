import json

import pytest

from xmppspy.control import news, replies, requests, wire
from xmppspy.protocol.events import Side


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        ('{"command":"status"}', requests.Status()),
        ('{"command":"held","id":7}', requests.Held(id=7)),
        ('{"command":"release","n":3,"id":"x"}', requests.Release(n=3, id="x")),
        ('{"command":"drop","n":"all","later":[1]}', requests.Drop(n="all")),
        (
            '{"command":"inject","conn":1,"to":"client","xml":"<a/>"}',
            requests.Inject(conn=1, to=Side.CLIENT, xml="<a/>"),
        ),
        (
            '{"command":"edit","n":1,"b64":"AP8=","force":true}',
            requests.Edit(n=1, b64=b"\0\xff", force=True),
        ),
    ],
)
def test_requests_are_read(line: str, request_: requests.Request) -> None:
    """Keys that are not known are ignored, so that a newer client may say more."""
    assert wire.read_request(line.encode()) == request_


@pytest.mark.parametrize(
    ("line", "name", "detail"),
    [
        ("{", "bad-request", "input data was truncated"),
        ("hello", "bad-request", "JSON is malformed: invalid character (byte 0)"),
        ("[]", "bad-request", "expected object, got array"),
        ("3", "bad-request", "expected object, got int"),
        ('{"command":7}', "bad-request", "command: expected str | null, got int"),
        ('{"command":"release"}', "bad-request", "release: object missing required field n"),
        ('{"command":"edit","n":"7"}', "bad-request", "edit: n: expected int, got str"),
        ('{"command":"drop","n":"some"}', "bad-request", "drop: n: it cannot be 'some'"),
        (
            '{"command":"inject","conn":1,"to":"all"}',
            "bad-request",
            "inject: to: it cannot be 'all'",
        ),
        (
            '{"command":"inject","conn":1,"to":"client","fields":{"a":1}}',
            "bad-request",
            "inject: fields[...]: expected str, got int",
        ),
        ('{"command":"held","id":[]}', "bad-request", "id: expected int | str | null, got array"),
    ],
)
def test_wrong_requests_are_told_exactly(line: str, name: str, detail: str) -> None:
    """In one line, with the place."""
    with pytest.raises(wire.BadRequest) as caught:
        wire.read_request(line.encode())

    assert (caught.value.error.name, caught.value.error.detail) == (name, detail)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"command":"relaese","id":1}', "did you mean release? there are status, connections,"),
        ('{"command":"xyzzy","id":1}', "there is no command 'xyzzy'; there are status,"),
        ('{"id":1}', "no command was given; there are status,"),
    ],
)
def test_unknown_commands_name_the_known_ones(line: str, words: str) -> None:
    """The error has the request's id, too."""
    with pytest.raises(wire.BadRequest, match=words.replace("?", r"\?")) as caught:
        wire.read_request(line.encode())

    assert caught.value.error.name == "unknown-command"
    assert caught.value.id == 1


@pytest.mark.parametrize("key", ["id", "unknown"])
def test_deep_nesting_is_a_wrong_request(key: str) -> None:
    """It does not end the proxy."""
    line = f'{{"command":"status","{key}":{"[" * 100_000}'.encode()

    with pytest.raises(wire.BadRequest):
        wire.read_request(line)


def test_what_is_no_text_is_a_wrong_request() -> None:
    """Bytes that are not UTF-8."""
    with pytest.raises(wire.BadRequest):
        wire.read_request(b'{"command":"\xff"}')


def test_every_request_comes_through() -> None:
    """What is written is read as the same, defaults left out."""
    request = requests.Inject(conn=3, to=Side.SERVER, template="ping", fields={"to": "é"})
    line = wire.request_line(request)

    assert json.loads(line) == {
        "command": "inject",
        "conn": 3,
        "to": "server",
        "template": "ping",
        "fields": {"to": "é"},
    }
    assert wire.read_request(line) == request


def test_commands_are_the_classes() -> None:
    """Each class of `requests` can be asked for, and nothing else."""
    kinds = {
        kind
        for kind in vars(requests).values()
        if isinstance(kind, type) and issubclass(kind, requests.Request)
    }

    assert {*wire.REQUESTS.values()} == kinds - {requests.Request}


def test_replies_come_through() -> None:
    """With the request's id, under `ok`."""
    line = wire.reply_line("a", replies.Decided(n=[7]))
    answer = wire.read_line(line)

    assert line == b'{"id":"a","ok":{"n":[7]}}\n'
    assert isinstance(answer, wire.Answer)
    assert answer.id == "a"
    assert answer.read(replies.Decided) == replies.Decided(n=[7])
    with pytest.raises(ValueError, match="missing"):
        answer.read(replies.Marked)


def test_errors_come_through() -> None:
    """With what there is to show."""
    error = replies.Error(name="malformed", detail="no", shown="<a\n  ^", line=1, column=3)
    answer = wire.read_line(wire.error_line(4, error))

    assert answer == wire.Answer(id=4, error=error)


def test_news_come_through() -> None:
    """As what they are."""
    told = news.Closed(conn=1, by="client", reason="end of stream")
    line = wire.news_line(told)

    assert line == b'{"event":"closed","conn":1,"by":"client","reason":"end of stream"}\n'
    assert wire.read_line(line) == told


@pytest.mark.parametrize("line", ['{"event":"later","x":1}', '{"event":"held","frame":7}'])
def test_unknown_news_are_passed_over(line: str) -> None:
    """What a newer proxy tells does no harm to an older client."""
    assert type(wire.read_line(line.encode())) is news.News


def test_what_comes_is_harmless_on_a_terminal() -> None:
    """Control characters, and such as turn text around, are escaped."""
    line = wire.news_line(news.Trouble(about="rules", detail="\x1b[2J\x9b\u202e\x7f"))

    assert line == (
        b'{"event":"trouble","about":"rules","detail":"\\u001b[2J\\u009b\\u202e\\u007f"}\n'
    )


def test_greeting() -> None:
    """It tells the version of the protocol, the program, and its process."""
    greeting = wire.Greeting(tool="xmppspy 0.1.0", pid=4711)
    line = wire.greeting_line(greeting)

    assert line == b'{"control":1,"tool":"xmppspy 0.1.0","pid":4711}\n'
    assert wire.read_greeting(line) == greeting
    with pytest.raises(ValueError, match="missing required field"):
        wire.read_greeting(b'{"hello":1}')
