import json
from pathlib import Path

import pytest

from tests.control.scripted import scripted
from xmppspy.control import client, news, places, replies, requests
from xmppspy.errors import ControlError, PlaceError, RequestRefused, SeveralProxies

OK = b'{"id":1,"ok":{"n":[7]}}\n'
CLOSED = news.Closed(conn=2, by="client", reason="bye")
TOLD = b'{"event":"closed","conn":2,"by":"client","reason":"bye"}\n'


def test_asks_and_gets(runtime: Path) -> None:
    """Requests are numbered, so that replies find their way."""
    path = runtime / "a.sock"
    with scripted(path, [OK]) as heard, client.Control(path) as control:
        reply = control.ask(requests.Drop(n=7), replies.Decided)

    assert reply == replies.Decided(n=[7])
    assert control.greeting.tool == "xmppspy 0"
    assert [json.loads(line) for line in heard] == [{"command": "drop", "id": 1, "n": 7}]


def test_news_are_kept_while_a_reply_is_awaited(runtime: Path) -> None:
    """And so are those that come with it."""
    path = runtime / "a.sock"
    with scripted(path, [TOLD + OK + TOLD]), client.Control(path) as control:
        control.ask(requests.Drop(n=7), replies.Decided)
        before, told = control.has_news, list(control.news(10))

        assert told == [CLOSED, CLOSED]
        assert (before, control.has_news) == (True, False)
        assert list(control.news(0.01)) == []


def test_news_behind_a_reply_are_seen(runtime: Path) -> None:
    """Also when nothing more comes, so that `select` would wait."""
    path = runtime / "a.sock"
    with scripted(path, [OK + TOLD]), client.Control(path) as control:
        control.ask(requests.Drop(n=7), replies.Decided)

        assert control.has_news


def test_replies_to_others_are_passed_over(runtime: Path) -> None:
    """What was not waited for long enough is of no use when it comes."""
    path = runtime / "a.sock"
    late = b'{"id":0,"ok":{}}\n{"ok":{}}\n'
    with scripted(path, [late + OK + late]), client.Control(path) as control:
        assert control.ask(requests.Drop(n=7), replies.Decided).n == [7]
        assert list(control.news(0.01)) == []


@pytest.mark.parametrize(
    ("name", "code"), [("not-held", 1), ("malformed", 2), ("filter", 2), ("bad-request", 2)]
)
def test_refusals_are_errors(runtime: Path, name: str, code: int) -> None:
    """With the proxy's words; what is wrong in itself is wrong usage."""
    path = runtime / "a.sock"
    error = {"name": name, "detail": "no, sir", "shown": "<a\n  ^"}
    line = json.dumps({"id": 1, "error": error}).encode() + b"\n"
    with scripted(path, [line]), client.Control(path) as control:
        with pytest.raises(RequestRefused) as caught:
            control.ask(requests.Drop(n=7), replies.Decided)

    assert (caught.value.name, caught.value.exit_code) == (name, code)
    assert str(caught.value) == "no, sir\n<a\n  ^"


def test_proxy_that_goes(runtime: Path) -> None:
    """Is told as that, while a reply is awaited and later."""
    path = runtime / "a.sock"
    with scripted(path, [OK], stays=False), client.Control(path) as control:
        control.ask(requests.Drop(n=7), replies.Decided)
        with pytest.raises(ControlError, match="the proxy has gone"):
            list(control.news(10))
        with pytest.raises(ControlError, match="the proxy has gone"):
            control.ask(requests.Drop(n=7), replies.Decided)


def test_proxy_that_says_nothing(runtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is not waited for for ever."""
    monkeypatch.setattr(client, "PATIENCE", 0.05)
    path = runtime / "a.sock"
    with scripted(path, [b""]), client.Control(path) as control:
        with pytest.raises(ControlError, match="does not answer"):
            control.ask(requests.Drop(n=7), replies.Decided)


@pytest.mark.parametrize(
    ("greeting", "words"),
    [
        (b"SSH-2.0-OpenSSH\n", "no xmppspy proxy"),
        (b'{"hello":1}\n', "no xmppspy proxy"),
        (b'{"control":2,"tool":"xmppspy 9","pid":1}\n', "xmppspy 9 speaks version 2"),
        (b'{"id":null,"error":{"name":"not-yours","detail":"go away"}}\n', "go away"),
    ],
)
def test_strange_greetings(runtime: Path, greeting: bytes, words: str) -> None:
    """Who does not greet as a proxy does is told from one."""
    path = runtime / "a.sock"
    with scripted(path, [], greeting):
        with pytest.raises(ControlError, match=words):
            client.Control(path)


@pytest.mark.parametrize("line", [b"what?\n", b'{"id":1,"ok":{"n":"x"}}\n', b'{"id":1}\n'])
def test_strange_replies(runtime: Path, line: bytes) -> None:
    """What is no reply is told as that."""
    path = runtime / "a.sock"
    with scripted(path, [line]), client.Control(path) as control:
        with pytest.raises(ControlError, match="not understood"):
            control.ask(requests.Drop(n=7), replies.Decided)


def test_nobody_there(runtime: Path) -> None:
    """A place where nobody listens, or where nothing is, and a path that cannot be one."""
    with places.bind(runtime / "a.sock"):
        pass
    for name in ("a.sock", "b.sock"):
        with pytest.raises(ControlError, match="no xmppspy proxy listens there"):
            client.Control(runtime / name)
    with pytest.raises(PlaceError, match="bytes"):
        client.Control(runtime / ("x" * 200))
    with pytest.raises(ControlError, match=r"Permission|refused|socket|listens"):
        client.Control(runtime)


def test_no_proxy_runs(runtime: Path) -> None:
    """Then it is said how to start one."""
    with pytest.raises(ControlError, match="start one with `xmppspy proxy"):
        client.connect(None)


def test_the_only_one_is_found(runtime: Path) -> None:
    """Without being told where it is."""
    path = places.default_path()
    with places.bind(path.with_name("left-over.sock")):
        pass
    with scripted(path, [OK]), client.connect(None) as control:
        assert control.ask(requests.Drop(n=7), replies.Decided).n == [7]


def test_several_are_listed(runtime: Path) -> None:
    """With what they serve, so that the right one can be named."""
    folder = places.default_path().parent
    status = {
        "tool": "x", "pid": 1, "upstream": "capulet.example", "listening": ["127.0.0.1:5222"],
        "capture": None, "created": "2026-11-22T07:40:12.345678Z", "t": 0, "connections": 0,
        "accepted": 0, "frames": 0, "held": 0, "rules": 0, "rules_file": None,
        "breakpoint": {"on": False, "filter": None, "timeout": 30, "otherwise": "forward"},
    }  # fmt: skip
    line = json.dumps({"id": 1, "ok": status}).encode() + b"\n"
    with scripted(folder / "1.sock", [line]), scripted(folder / "2.sock", [b""], b"?\n"):
        with pytest.raises(SeveralProxies) as caught:
            client.connect(None)

    first, one, other = str(caught.value).splitlines()
    assert first == "several proxies are running; say which one:"
    assert one == f"  --control {folder}/1.sock   capulet.example at 127.0.0.1:5222"
    assert "2.sock" in other
    assert caught.value.exit_code == 2
