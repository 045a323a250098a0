import json
import socket

import pytest

from tests.cli.commanding import MESSAGE, ctl, editor, held, terminal
from tests.cli.running import Running, eventually, read_exactly
from xmppspy.errors import FilterError, RequestRefused, UsageError


def _says(running: Running, client: socket.socket, data: bytes = MESSAGE) -> int:
    """The client says something; the number of the frame that is held because of it."""
    before = held(running)
    client.sendall(data)
    eventually(lambda: len(held(running)) > len(before))
    return held(running)[-1]


def test_breakpoint(running: Running) -> None:
    """It is shown, set, switched off and on."""
    said = [
        ctl(running, "hold", *arguments).output
        for arguments in (
            (),
            ("off",),
            ("on",),
            ("iq", "or", "message", "--timeout", "5", "--otherwise", "drop"),
            ("message", "c2s"),
        )
    ]

    assert said == [
        "holding message c2s (for 30 s, then forward)\n",
        "holding off (message c2s for 30 s, then forward)\n",
        "holding message c2s (for 30 s, then forward)\n",
        "holding iq or message (for 5 s, then drop)\n",
        "holding message c2s (for 30 s, then forward)\n",
    ]


def test_filters_are_those_of_other_commands(running: Running) -> None:
    """Words, hints and errors alike."""
    hint = ctl(running, "hold", "xpath://body").stderr
    with pytest.raises(FilterError):
        ctl(running, "hold", "mesage")
    ctl(running, "hold", "message", "c2s")

    assert "did you mean c:body?" in hint


def test_held_frames_are_listed(running: Running, client: socket.socket) -> None:
    """For a person, and for programs."""
    n = _says(running, client)
    head, line = ctl(running, "held").output.splitlines()
    (told,) = json.loads(ctl(running, "held", "--json").output)["frames"]

    assert head.split() == ["frame", "conn", "way", "what", "waits", "left", "then"]
    assert line.split()[0] == str(n)
    assert 'message "Hist!" (5 chars) to juliet@capulet.example' in line
    assert (told["n"], told["xml"]) == (n, MESSAGE.decode())


def test_frames_are_decided(running: Running, client: socket.socket) -> None:
    """One, several or all of them."""
    numbers = [_says(running, client) for _ in range(4)]
    one, two, three, four = map(str, numbers)
    said = [
        ctl(running, "drop", one).output,
        ctl(running, "duplicate", two, "--copies", "3").output,
        ctl(running, "extend", three, four, "--seconds", "60").output,
        ctl(running, "release", "all").output,
        ctl(running, "release", "all").output,
    ]
    read_exactly(client, MESSAGE * 5)

    assert said == [
        f"frame {one}: dropped\n",
        f"frame {two}: sent 3 times\n",
        f"frame {three}: waits 60 s at least\nframe {four}: waits 60 s at least\n",
        f"frame {three}: let go\nframe {four}: let go\n",
        "nothing is held\n",
    ]


def test_reply_as_json(running: Running, client: socket.socket) -> None:
    """The object of the protocol."""
    n = _says(running, client)

    assert json.loads(ctl(running, "release", str(n), "--json").output) == {"n": [n]}


def test_frame_is_edited(running: Running, client: socket.socket) -> None:
    """By an argument, or by standard input."""
    first, second = _says(running, client), _says(running, client)
    ctl(running, "edit", str(first), "<message><body>One</body></message>")
    said = ctl(running, "edit", str(second), "-", stdin="<presence/>\n").output
    read_exactly(client, b"<message><body>One</body></message><presence/>")

    assert said == f"frame {second}: edited\n"


def test_wrong_edit_shows_the_place(running: Running, client: socket.socket) -> None:
    """And sends nothing, unless it is forced."""
    n = _says(running, client)
    with pytest.raises(RequestRefused, match=r"<x:body/>.*\n +\^") as caught:
        ctl(running, "edit", str(n), "<message><x:body/></message>")
    still = held(running)
    ctl(running, "edit", str(n), "<message><x:body/></message>", "--force")
    read_exactly(client, b"<message><x:body/></message>")

    assert caught.value.exit_code == 2
    assert still == [n]


def test_frames_that_are_not_held(running: Running) -> None:
    """Are told; exit code 1."""
    for arguments in (("release", "999"), ("edit", "999", "<a/>"), ("edit", "999")):
        with pytest.raises(RequestRefused, match="frame 999 is not held") as caught:
            ctl(running, *arguments)
        assert caught.value.exit_code == 1


@pytest.mark.parametrize(
    "arguments",
    [("release", "x"), ("drop", "-"), ("edit", "1", "--force"), ("edit", "1", "--json")],
)
def test_wrong_usage(running: Running, arguments: tuple[str, ...]) -> None:
    """Is told before anything is done."""
    with pytest.raises(UsageError):
        ctl(running, *arguments)


def test_standard_input_has_to_be_text(running: Running, client: socket.socket) -> None:
    """In UTF-8."""
    n = _says(running, client)
    with pytest.raises(UsageError, match="not UTF-8"):
        ctl(running, "edit", str(n), "-", stdin=b"<message>\xff</message>")

    assert held(running) == [n]


def test_frame_is_edited_in_an_editor(
    running: Running,
    client: socket.socket,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Laid out for reading there, and not where it arrives."""
    n = _says(running, client)
    folder = tmp_path_factory.mktemp("editor")
    with terminal(
        running, "edit", str(n), EDITOR=editor(folder, ("\n  <body>Hist!", "\n  <body>Hush!"))
    ) as shell:
        read_exactly(client, MESSAGE.replace(b"Hist", b"Hush"))

        assert shell.ends() == 0
        assert shell.shown == f"frame {n}: edited\n"
