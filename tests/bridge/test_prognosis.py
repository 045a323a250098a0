"""The prognosis, by tables: `+` passes, `?` may fail, `-` fails; for keep, cert, strip, bridge."""

import pytest

from xmppspy.analysis.sasl.offers import Offer
from xmppspy.bridge.prognosis import WAYS, Row, prognosis
from xmppspy.bridge.survey import StreamFeatures

MARKS = {"passes": "+", "may fail": "?", "fails": "-"}
PLUS = ("SCRAM-SHA-1", "SCRAM-SHA-1-PLUS")


def offering(
    *mechanisms: str, bindings: tuple[str, ...] | None = None, fast: tuple[str, ...] = ()
) -> StreamFeatures:
    """Features with these mechanisms."""
    return StreamFeatures(sasl=Offer(mechanisms, bindings), fast=fast)


def table(version: str, features: StreamFeatures) -> dict[str, str]:
    """The verdicts by the kind of client."""
    return {row.kind: marks(row) for row in prognosis([(version, features)]).rows}


def marks(row: Row) -> str:
    """The verdicts of a row."""
    return "".join(MARKS[row.outlooks[way].verdict] for way in WAYS)


def test_server_that_does_not_bind() -> None:
    """Everybody passes but who has a certificate; nothing is to be done."""
    found = prognosis([("TLSv1.3", offering("SCRAM-SHA-1", "PLAIN"))])

    assert table("TLSv1.3", offering("SCRAM-SHA-1", "PLAIN")) == {
        "does not bind (flag n)": "++++",
        "could bind, but uses no -PLUS (flag y)": "++++",
        "has a certificate of its own (EXTERNAL)": "----",
    }
    assert found.advice == "nothing binds here: no option is needed"
    assert (found.binds, found.options) == (False, ())


def test_server_that_binds() -> None:
    """Who binds passes by the bridge alone, or with the server's certificate by the end point."""
    found = prognosis([("TLSv1.3", offering(*PLUS))])

    assert table("TLSv1.3", offering(*PLUS)) == {
        "does not bind (flag n)": "++++",
        "could bind, but uses no -PLUS (flag y)": "???+",
        "binds by tls-exporter": "--?+",
        "binds by tls-server-end-point": "-??+",
        "verifies offer and TLS version (XEP-0474, XEP-0515)": "++?+",
        "has a certificate of its own (EXTERNAL)": "----",
    }
    assert found.binds
    assert found.options == ("--account", "YOU@DOMAIN")


@pytest.mark.parametrize(
    ("version", "bindings", "types"),
    [
        ("TLSv1.2", None, ["tls-exporter", "tls-unique", "tls-server-end-point"]),
        ("TLSv1.3", None, ["tls-exporter", "tls-server-end-point"]),
        ("TLSv1.3", ("tls-unique",), []),
        ("TLSv1.3", ("tls-exporter",), ["tls-exporter"]),
        ("TLSv1.2", ("tls-unique", "x"), ["tls-unique"]),
    ],
)
def test_types_are_those_that_are_possible(
    version: str, bindings: tuple[str, ...] | None, types: list[str]
) -> None:
    """What the server lists, if it does; tls-unique is no type of TLS 1.3 (RFC 9266)."""
    rows = table(version, offering(*PLUS, bindings=bindings))

    assert [kind.removeprefix("binds by ") for kind in rows if "binds by" in kind] == types


@pytest.mark.parametrize(
    ("bindings", "expected"), [(("tls-server-end-point",), "-+?+"), (None, "-??+")]
)
def test_own_certificate_helps_where_the_type_is_known(
    bindings: tuple[str, ...] | None, expected: str
) -> None:
    """Servers that list no types may be too old for it."""
    rows = table("TLSv1.3", offering(*PLUS, bindings=bindings))

    assert rows["binds by tls-server-end-point"] == expected


def test_only_bound_mechanisms_leave_others_out() -> None:
    """Where there are only -PLUS mechanisms, a client that cannot bind has none."""
    rows = table("TLSv1.3", offering("SCRAM-SHA-1-PLUS"))

    assert rows["does not bind (flag n)"] == "----"


def test_tokens() -> None:
    """A free token passes; a bound one by the bridge, or with the same certificate."""
    fast = ("HT-SHA-256-NONE", "HT-SHA-256-ENDP", "HT-SHA-256-EXPR")
    rows = table("TLSv1.3", offering("SCRAM-SHA-1", fast=fast))
    found = prognosis([("TLSv1.3", offering("SCRAM-SHA-1", fast=fast))])

    assert {kind: seen for kind, seen in rows.items() if "token" in kind} == {
        "has a token, HT-*-NONE": "++++",
        "has a token, HT-*-ENDP": "-+?+",
        "has a token, HT-*-EXPR or HT-*-UNIQ": "--?+",
    }
    assert found.binds


def test_older_tls_that_binds_is_told() -> None:
    """A server whose -PLUS depends on the version, as Prosody 0.12's does."""
    found = prognosis([("TLSv1.3", offering("SCRAM-SHA-1")), ("TLSv1.2", offering(*PLUS))])

    assert not found.binds
    assert found.advice == (
        "nothing binds with TLS 1.3: no option is needed; for clients that bind with TLS 1.2 add "
        "--account and the password"
    )


def test_nothing_seen_nothing_said() -> None:
    """Without an offer, or without a mechanism in it, there are no rows."""
    assert prognosis([]).rows == ()
    assert prognosis([("TLSv1.3", StreamFeatures())]).rows == ()
    assert prognosis([("TLSv1.3", StreamFeatures())]).advice == "the server offers no login here"


def test_ways_that_share_an_outlook_are_grouped() -> None:
    """Each outlook once, with its ways in their order."""
    rows = prognosis([("TLSv1.3", offering(*PLUS, bindings=("tls-server-end-point",)))]).rows
    row = next(row for row in rows if row.kind == "binds by tls-server-end-point")

    assert [(outlook.verdict, ways) for outlook, ways in row.grouped] == [
        ("fails", ("keep",)),
        ("passes", ("cert",)),
        ("may fail", ("strip",)),
        ("passes", ("bridge",)),
    ]


def test_examples_bind_by_what_is_listed() -> None:
    """Some clients bind only where the server lists the types."""

    def examples(bindings: tuple[str, ...] | None) -> list[str]:
        rows = prognosis([("TLSv1.2", offering(*PLUS, bindings=bindings))]).rows
        return [row.examples for row in rows if row.kind == "binds by tls-unique"]

    assert examples(None) == ["slixmpp"]
    assert examples(("tls-unique",)) == ["Conversations, slixmpp"]
