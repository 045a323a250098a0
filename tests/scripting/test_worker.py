from pathlib import Path

import pytest

from tests.scripting.staging import MESSAGE, Stage, only
from xmppspy.protocol.context import StreamContext
from xmppspy.protocol.verdicts import FORWARD, Verdict
from xmppspy.scripting.messages import AS_IT_CAME, Close, Done, Known, Loaded, Note, Refused, Say


def test_replies_to_loading() -> None:
    """What the script wants, or where it is wrong."""
    stage = Stage()

    assert stage.load("def stanza(s, session): pass") == Loaded(judges=True)
    assert stage.load("FILTER = 'r'\ndef stanza(s, session): pass") == Loaded(
        judges=True, filter="r"
    )
    assert stage.load("def closed(session): pass") == Loaded(judges=False)
    assert stage.load("\nx = y") == Refused("NameError: name 'y' is not defined, in: x = y", 2)


def test_what_cannot_be_loaded_changes_nothing() -> None:
    """The functions before stay in force, and what they keep stays."""
    stage = Stage()
    stage.load("def stanza(s, session): return s.drop()")
    stage.load("def stanza(")

    assert stage.ask().verdict() == Verdict(data=None)


def test_loading_anew_keeps_what_was_kept_for_a_connection() -> None:
    """`session.data` outlives a version; the version's own variables do not."""
    stage = Stage()
    stage.load("""
        def connected(session): session.data["n"] = 1
    """)
    stage.open()
    stage.load("""
        def stanza(s, session): return s.note(session.data["n"])
    """)

    assert stage.ask().verdict().notes == ("1",)


def test_connections_are_told() -> None:
    """`connected` and `closed` are called, and a connection is forgotten then."""
    stage = Stage()
    stage.load("""
        def connected(session): session.note("hello"); session.data[1] = 1
        def closed(session): session.note(f"bye {session.jid} {session.data}")
    """)
    assert stage.open() == [Note(1, "hello"), Done()]
    assert stage.handle(Known(1, "capulet.example", "juliet@capulet.example")) == []
    assert stage.handle(Close(1)) == [Note(1, "bye juliet@capulet.example {1: 1}"), Done()]

    assert stage.handle(Close(1)) == [Note(1, "bye None {}"), Done()]


def test_functions_that_are_not_there_are_not_called() -> None:
    """Nothing is done, and the replies come."""
    stage = Stage()
    stage.load("def closed(session): pass")

    assert stage.open() == [Done()]
    assert stage.ask() == AS_IT_CAME
    assert Stage().ask() == AS_IT_CAME


def test_connections_do_not_share() -> None:
    """Each has its own data, and its own streams."""
    stage = Stage()
    stage.load("""
        def stanza(s, session):
            session.data.setdefault("seen", []).append(s.conn)
            return s.note(session.data).replace("<z:a/>")
    """)
    stage.tell_context("c2s", StreamContext(prefixes={"z": "urn:z"}), conn=1)

    assert stage.ask(conn=1).notes == ("{'seen': [1]}",)
    assert "MalformedXML" in stage.ask(conn=2).notes[0]


def test_an_exception_is_told_once_and_the_stanza_goes_on() -> None:
    """Every stanza passes; the line is told and noted for the first of them."""
    stage = Stage()
    stage.load("""
        def stanza(s, session):
            return 1 / 0
    """)
    answers = [stage.ask() for _ in range(3)]
    text = "play.py:3: ZeroDivisionError: division by zero, in: return 1 / 0"

    assert list(stage.complaints()) == [text]
    assert stage.said[1] == Say(text, 1, noted=False)
    assert [each.verdict() for each in answers] == [
        Verdict(notes=(f"script {text}",)),
        FORWARD,
        FORWARD,
    ]


@pytest.mark.parametrize("statement", ["raise SystemExit", "raise KeyboardInterrupt", "exit()"])
def test_nothing_that_is_raised_ends_the_worker(statement: str) -> None:
    """Leaving the program is an exception like any other."""
    stage = Stage()
    stage.load(f"def stanza(s, session): {statement}")

    assert stage.ask().verdict().data == FORWARD.data
    assert only(stage).startswith("play.py:1: ")


def test_a_call_that_takes_too_long_is_broken_off() -> None:
    """It is told where the script was, and the next stanza is judged."""
    stage = Stage(limit=0.02)
    stage.load("""
        def stanza(s, session):
            while s.kind == "message":
                pass
            return s.drop()
    """)
    assert stage.ask().verdict().data == FORWARD.data

    assert "stanza() took longer than 0.02 s, in: " in only(stage)
    assert stage.ask(b"<iq/>").verdict() == Verdict(data=None)


def test_exceptions_of_the_other_functions() -> None:
    """They are told, and noted in the capture by the proxy."""
    stage = Stage()
    stage.load("def connected(session): session.jid.lower()")

    assert stage.open() == [
        Say(
            "play.py:1: AttributeError: 'NoneType' object has no attribute 'lower', "
            "in: def connected(session): session.jid.lower()",
            1,
        ),
        Done(),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "def stanza(s, session): return True",
            "stanza() returned a bool; return a verdict, such as",
        ),
        ("def stanza(s, session): return s.drop", "stanza() returned a method;"),
        (
            "def connected(session): return 1",
            "connected() returned an int; only what stanza() returns",
        ),
    ],
)
def test_what_is_no_verdict(text: str, told: str) -> None:
    """It is told, and the stanza goes on."""
    stage = Stage()
    stage.load(text)
    stage.open()
    answer = stage.ask()

    assert answer.verdict().data == FORWARD.data
    assert told in only(stage)


def test_a_callable_object_has_no_line() -> None:
    """What it returns is told without a place."""
    stage = Stage()
    stage.load("stanza = type('Judge', (), {'__call__': lambda self, s, session: 7})()")
    stage.ask()

    assert (
        only(stage)
        == "play.py: stanza() returned an int; return a verdict, such as s.drop(), or None"
    )


def test_verdicts_that_are_not_returned_are_told_once() -> None:
    """With the line that makes them; the stanza goes on."""
    stage = Stage()
    stage.load("""
        def stanza(s, session):
            s.drop()
            verdict = s.delay(1).note("a")
            verdict.note("b")
            return verdict
    """)
    answers = [stage.ask() for _ in range(3)]

    assert only(stage) == "play.py:3: nothing comes of a verdict that is not returned, in: s.drop()"
    assert {each.verdict() for each in answers} == {Verdict(delay=1.0, notes=("a", "b"))}


def test_a_verdict_in_vain_is_told_after_loading_anew() -> None:
    """A new version is looked at with new eyes."""
    stage = Stage()
    for _ in range(2):
        stage.load("def stanza(s, session): s.drop()")
        stage.ask()

    assert len(list(stage.complaints())) == 2


def test_a_verdict_of_another_stanza_counts() -> None:
    """What was decided about one can be said of the next."""
    stage = Stage()
    stage.load("""
        def stanza(s, session):
            return session.data.setdefault("verdict", s.drop())
    """)
    stage.ask()

    assert stage.ask().verdict() == Verdict(data=None)


def test_all_of_a_message_is_there(tmp_path: Path) -> None:
    """The script gets the very bytes, and may do with them what it wants."""
    stage = Stage()
    stage.load(f"""
        from pathlib import Path
        def stanza(s, session): Path({str(tmp_path / "x")!r}).write_bytes(s.data)
    """)
    stage.ask()

    assert (tmp_path / "x").read_bytes() == MESSAGE


def test_objects_that_fail_when_they_are_shown() -> None:
    """An exception or a value that cannot even be printed ends nothing."""
    stage = Stage()
    stage.load("""
        class Odd(Exception):
            def __str__(self): raise self
            __repr__ = __str__
        def stanza(s, session):
            if s.kind == "iq": return Odd()
            raise Odd
    """)
    stage.ask()
    stage.ask(b"<iq/>")

    assert list(stage.complaints()) == [
        "play.py:7: Odd: what it says cannot be had: Odd, in: raise Odd",
        (
            "play.py:5: stanza() returned an Odd; return a verdict, such as s.drop(), or None, "
            "in: def stanza(s, session):"
        ),
    ]
