import linecache
import sys

import pytest

from tests.scripting.staging import script
from xmppspy.errors import ScriptError
from xmppspy.scripting import limits
from xmppspy.scripting.program import MODULE, Program


def _refused(text: str) -> ScriptError:
    with pytest.raises(ScriptError) as caught:
        Program("play.py", script(text))
    return caught.value


def test_functions_and_filter() -> None:
    """The functions that it has, and what it wants to be shown."""
    program = Program("play.py", b"FILTER = 'iq'\ndef stanza(s, session): return 7\n")
    function = program.function("stanza")
    assert function is not None

    assert function(None, None) == 7
    assert program.function("closed") is None
    assert program.filter == "iq"


def test_any_callable_will_do() -> None:
    """What is called need not be a function, and may take more than it gets."""
    program = Program(
        "play.py", b"closed = print\nconnected = max\ndef stanza(s, session, n=1): pass"
    )

    assert program.function("closed") is print
    assert program.function("connected") is max


def test_a_script_is_a_module() -> None:
    """Dataclasses, type hints and tracebacks work as they do elsewhere."""
    text = """
        from __future__ import annotations
        from dataclasses import dataclass
        from xmppspy.scripting import Session, Stanza, Verdict

        @dataclass
        class Seen:
            last: str | None = None

        def stanza(s: Stanza, session: Session) -> Verdict | None:
            return Seen(s.id)
    """
    program = Program("folder/play.py", script(text))

    assert sys.modules[MODULE].__file__ == "folder/play.py"
    assert "dataclass" in linecache.getline("folder/play.py", 3)
    assert program.line(3).text == "from dataclasses import dataclass"
    assert str(program.line(3)) == "play.py:3"
    assert str(program.line(99)) == "play.py:99"


def test_encodings() -> None:
    """A script may say in which encoding it is written."""
    program = Program("play.py", "# coding: latin-1\ndef closed(s): return 'é'".encode("latin-1"))
    function = program.function("closed")
    assert function is not None

    assert function(None) == "é"
    assert program.line(2).text == "def closed(s): return 'é'"


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("def stanza(s, session)\n    pass", 1, "SyntaxError: expected ':', in: def stanza"),
        ("x = 1\nx = y\n", 2, "NameError: name 'y' is not defined, in: x = y"),
        ("import no_such_module", 1, "ModuleNotFoundError: No module named 'no_such_module'"),
        ("def f():\n    raise SystemExit(3)\nf()", 2, "SystemExit: 3, in: raise SystemExit(3)"),
        ("exec('1 +')", 1, "SyntaxError"),
        ("\0", 0, "SyntaxError"),
        ("# coding: no-such", 0, "SyntaxError"),
        ("", 0, "it has no function stanza(s, session), connected(session) or closed(session)"),
        ("def stanzas(s, session): pass", 0, "it has no function"),
        ("def stanza(s): pass", 1, "it has to be def stanza(s, session)"),
        ("\ndef closed(): pass", 2, "it has to be def closed(session)"),
        ("connected = 7", 0, "connected is no function; write def connected(session)"),
        ("async def stanza(s, session): pass", 1, "a plain function, without async and yield"),
        ("def stanza(s, session): yield", 1, "a plain function, without async and yield"),
        ("def closed(s): pass\nFILTER = 7", 2, "TypeError: FILTER is a text, not int"),
        ("def closed(s): pass\nFILTER = 'mesage'", 2, "FilterError: "),
        ("FILTER = 'latency:1..'\ndef closed(s): pass", 1, "FILTER cannot ask for latency"),
    ],
)
def test_what_cannot_be_loaded(text: str, line: int, told: str) -> None:
    """It is told where it is wrong, and what is."""
    error = _refused(text)

    assert told in str(error)
    assert error.line == line
    assert error.path == "play.py"


def test_loading_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A script that is never done is told where it was when time was up."""
    monkeypatch.setattr("xmppspy.scripting.program.LOAD", 0.05)
    error = _refused("def closed(s): pass\nwhile True:\n    pass")

    assert "loading it took longer than 0.05 s, in: " in str(error)
    assert error.line in (2, 3)
    assert limits.LOAD == 10.0


def test_what_was_loaded_before_stays() -> None:
    """A script that cannot be loaded leaves the other one as it was."""
    program = Program("play.py", b"import sys\ndef closed(s): return sys.modules[__name__]\n")
    before = sys.modules[MODULE]
    _refused("x = 1 / 0")
    function = program.function("closed")
    assert function is not None

    assert sys.modules[MODULE] is before
    assert function(None) is before
    assert linecache.getline("play.py", 2).startswith("def closed")


def test_places_of_exceptions() -> None:
    """The last line of the script on the way to it; none when the script is not on it."""
    program = Program("play.py", b"def closed(s):\n    helper()\ndef helper():\n    int('x')\n")
    function = program.function("closed")
    assert function is not None
    try:
        function(None)
    except ValueError as error:
        place = program.place(error)

    assert (str(place), place.text) == ("play.py:4", "int('x')")
    assert str(program.place(ValueError())) == "play.py"
