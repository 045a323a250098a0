import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from click.testing import CliRunner, Result

from tests.conversation import ANSWER, HEADER, MECHANISMS
from xmppspy.cli.doctor import command
from xmppspy.errors import UsageError

LIMIT = 20.0


@contextmanager
def server(answer: bytes) -> Iterator[int]:
    """A server that says this to everybody; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(len(HEADER))
                connection.sendall(answer)
                while connection.recv(4096):
                    pass

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(LIMIT)


def run(*arguments: str) -> Result:
    """What the command does, in this process; its errors come through."""
    result = CliRunner().invoke(command, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_clear_server_is_a_failure() -> None:
    """It can be examined, but is not verified; --insecure says that this is known."""
    with server(ANSWER + MECHANISMS) as port:
        told = run(f"127.0.0.1:{port}", "--domain", "capulet.example")
    with server(ANSWER + MECHANISMS) as port:
        known = run(f"127.0.0.1:{port}", "--domain", "capulet.example", "--insecure")

    assert (told.exit_code, known.exit_code) == (1, 0)
    assert "  domain        capulet.example\n" in told.stdout
    assert "DANGER" in told.stdout
    assert known.stdout.endswith(f"    xmppspy proxy 127.0.0.1:{port} --insecure\n")


def test_json_is_one_object() -> None:
    """With the prognosis by the kind of client and the way."""
    with server(ANSWER + MECHANISMS) as port:
        result = run(f"127.0.0.1:{port}", "--json")
    found = json.loads(result.stdout)

    assert result.stdout.count("\n") == 1
    assert found["visits"][0]["before"]["sasl"]["mechanisms"] == ["SCRAM-SHA-1"]
    assert found["prognosis"][0]["keep"]["verdict"] == "passes"
    assert (found["examined"], found["verified"], found["binds"]) == (True, False, False)


def test_unreachable_server_is_a_failure() -> None:
    """The sheet says why, and advises nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    result = run(f"127.0.0.1:{port}", "--map", "x.example=127.0.0.1:1", "--dns", "127.0.0.1")

    assert result.exit_code == 1
    assert "Connection refused" in result.stdout
    assert "What to do" not in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [["a b"], ["x.example", "--domain", "a b"], ["x.example", "--dns", "x"], ["x", "--map", "x"]],
)
def test_wrong_usage_is_told(arguments: list[str]) -> None:
    """Before anything is connected to."""
    with pytest.raises(UsageError):
        run(*arguments)
