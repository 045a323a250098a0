import socket
from contextlib import closing

import pytest

from xmppspy.errors import ListenError, UsageError
from xmppspy.proxy.doorway import doorway, parse_listen


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("5222", ("127.0.0.1", 5222)),
        ("0.0.0.0:0", ("0.0.0.0", 0)),
        ("[::1]:5222", ("::1", 5222)),
        ("localhost:1", ("localhost", 1)),
    ],
)
def test_listen_is_loopback_unless_told(text: str, place: tuple[str, int]) -> None:
    """A port alone means the loopback."""
    assert parse_listen(text) == place


@pytest.mark.parametrize("text", ["", "x", "localhost:", "1:2:y", "65536", "-1", "²"])
def test_wrong_listen(text: str) -> None:
    """What is no place is told with an example."""
    with pytest.raises(UsageError, match=r"127\.0\.0\.1:5222"):
        parse_listen(text)


def test_clients_wait_until_they_are_let_in() -> None:
    """Who connects is there for whoever accepts later; behind the block nobody listens."""
    with doorway("127.0.0.1", 0) as open_door:
        (place,) = open_door.places
        with closing(socket.create_connection(place, timeout=20)) as client:
            client.sendall(b"Knock, knock!")
            accepted, _ = open_door.sockets[0].accept()
            with accepted:
                heard = accepted.recv(100)

    assert heard == b"Knock, knock!"
    assert open_door.addresses == [f"127.0.0.1:{place[1]}"]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(place, timeout=20)


def test_taken_port() -> None:
    """A port that is taken is a ListenError that says what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        told = rf"127\.0\.0\.1:{port}: Address already in use; .*-l \[HOST:\]PORT"
        with pytest.raises(ListenError, match=told), doorway("127.0.0.1", port):
            pass


def test_all_addresses_of_a_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is listened at once, but for those that this machine does not have."""
    ours = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))
    second = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.2", 0))
    theirs = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", 0))
    found = [ours, theirs, second, ours]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_more: found)
    with doorway("host.example", 0) as open_door:
        hosts = [host for host, _ in open_door.places]
    found[:] = [theirs]

    assert hosts == ["127.0.0.1", "127.0.0.2"]
    with pytest.raises(ListenError, match=r"host\.example:0"), doorway("host.example", 0):
        pass
