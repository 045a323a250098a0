from dataclasses import replace
from datetime import UTC, datetime, timedelta

from xmppspy.analysis.sasl.offers import Offer
from xmppspy.bridge.certificate import Certificate
from xmppspy.bridge.prognosis import prognosis
from xmppspy.bridge.survey import Attempt, StreamFeatures, Survey, TLSLayer, Visit
from xmppspy.view.clock import Clock
from xmppspy.view.doctor import doctor_sheet
from xmppspy.view.stats import Colours, Paper

NOW = datetime(2026, 11, 1, tzinfo=UTC)
CERTIFICATE = Certificate(
    subject="CN=capulet.example", issuer="CN=A CA",
    names=(("dNSName", "capulet.example"), ("xmppAddr", "capulet.example")),
    not_before=NOW - timedelta(days=1), not_after=NOW + timedelta(days=30),
    key="RSA 2048", sha256="ab" * 32, self_signed=False,
)  # fmt: skip
LAYER = TLSLayer(version="TLSv1.3", cipher="AES", alpn=None, certificate=CERTIFICATE)
BEFORE = StreamFeatures(starttls=True, starttls_required=True)
PLUS = Offer(("SCRAM-SHA-1", "SCRAM-SHA-1-PLUS"), ("tls-exporter",))
AFTER = StreamFeatures(
    sasl=PLUS, sasl2=PLUS, inline=("urn:xmpp:bind:0",), fast=("HT-SHA-256-NONE",),
    limits=(("max-bytes", "262144"), ("idle-seconds", "600")), others=("urn:xmpp:sm:3",),
)  # fmt: skip
VISIT = Visit(before=BEFORE, tls=LAYER, after=AFTER)
OLDER = Visit(
    before=BEFORE,
    tls=replace(LAYER, version="TLSv1.2"),
    after=StreamFeatures(sasl=Offer(("SCRAM-SHA-1", "PLAIN"), ("tls-unique",))),
)
SURVEY = Survey(
    domain="capulet.example",
    via="srv",
    attempts=(
        Attempt(place="a.example:5222", address="", direct_tls=False, failure="it is down"),
        Attempt(place="b.example:5223", address="192.0.2.1:5223", direct_tls=True),
    ),
    untried=("c.example:5222",),
    visits=(VISIT, OLDER),
)


def sheet(survey: Survey, command: str = "", *, columns: int = 100, colours: Colours = "") -> str:
    """The sheet of a survey."""
    paper = Paper(columns=columns, colours=colours, clock=Clock())
    return doctor_sheet(survey, prognosis(survey.offers), command, now=NOW, paper=paper)


def with_visit(visit: Visit) -> Survey:
    """The survey with one visit."""
    return replace(SURVEY, visits=(visit,), trouble=visit.trouble)


def test_everything_has_its_line() -> None:
    """From the SRV records to the offer of another version of TLS."""
    lines = sheet(SURVEY).splitlines()

    assert [line for line in lines if line and not line.startswith(" ")] == [
        "Server", "Before TLS", "TLS", "Certificate", "Inside TLS", "Clients through xmppspy",
        "What to do",
    ]  # fmt: skip
    for wanted in (
        "  found by      SRV records",
        "  failed        a.example:5222 (STARTTLS): it is down",
        "  connected to  b.example:5223 (192.0.2.1:5223), direct TLS",
        "  after that    c.example:5222",
        "  STARTTLS      required",
        "  version       TLS 1.3, AES, no ALPN",
        "  also          TLS 1.2, AES",
        "  verified      yes, for capulet.example",
        "  xmppAddr      capulet.example",
        "  valid         until 2026-12-01, 30 days left",
        "  SASL          SCRAM-SHA-1, SCRAM-SHA-1-PLUS",
        "  SASL2         the same",
        "    with it     Bind 2 (XEP-0386)",
        "  tokens        HT-SHA-256-NONE",
        "  bindings      tls-exporter",
        "  in TLS 1.2    also PLAIN; no SCRAM-SHA-1-PLUS; bindings: tls-unique",
        "  limit         max-bytes 262 kB (XEP-0478)",
        "  limit         idle-seconds 600 s (XEP-0478)",
        "  features      Stream Management (XEP-0198)",
    ):
        assert wanted in lines


def test_prognosis_is_a_table() -> None:
    """A kind of clients, and under it the ways by what becomes of them."""
    lines = sheet(SURVEY).splitlines()
    place = next(at for at, line in enumerate(lines) if "binds by tls-exporter" in line)

    assert [line.split()[0] for line in lines[place + 1 : place + 5]] == [
        "fails", "fails", "may", "passes",
    ]  # fmt: skip
    assert "bound to its TLS, not the server's" in lines[place + 1]


def test_narrow_paper_is_kept() -> None:
    """Reasons are wrapped in their column; the command is not broken."""
    command = "xmppspy proxy capulet.example --account YOU@capulet.example " + "x" * 60
    lines = sheet(SURVEY, command, columns=80).splitlines()

    assert lines[-1].strip() == command
    assert max(map(len, lines[:-1])) <= 80


def test_what_is_not_verified_is_loud() -> None:
    """In the line of TLS and in what to do."""
    visit = replace(VISIT, tls=replace(LAYER, problem="it has expired"))
    text = sheet(with_visit(visit))

    assert "verified      NOT VERIFIED: it has expired" in text
    assert "The server is NOT VERIFIED: anybody could be there." in text


def test_passwords_in_the_clear_are_a_danger() -> None:
    """Whether there is STARTTLS or not."""
    clear = StreamFeatures(sasl=Offer(("PLAIN", "SCRAM-SHA-1")))
    both = replace(clear, starttls=True)

    assert "DANGER: PLAIN would show the password to anybody" in sheet(
        with_visit(Visit(before=clear))
    )
    assert "not offered: all is in the clear" in sheet(with_visit(Visit(before=clear)))
    assert "offered, not required" in sheet(with_visit(replace(VISIT, before=both)))
    assert "DANGER" in sheet(with_visit(replace(VISIT, before=both)))


def test_trouble_ends_the_sheet() -> None:
    """Nothing is advised about what was not seen."""
    text = sheet(with_visit(Visit(before=BEFORE, trouble="it says nothing")))

    assert text.endswith("Trouble\n  it says nothing\n")


def test_certificates_of_other_times() -> None:
    """Expired, and not valid yet."""

    def shown(days: int) -> str:
        moved = replace(
            CERTIFICATE,
            not_before=CERTIFICATE.not_before + timedelta(days=days),
            not_after=CERTIFICATE.not_after + timedelta(days=days),
        )
        return sheet(with_visit(replace(VISIT, tls=replace(LAYER, certificate=moved))))

    assert "until 2026-10-22: expired" in shown(-40)
    assert "only from 2026-11-10 on" in shown(10)
    assert "1 day left" in shown(-29)


def test_nothing_of_the_server_acts_on_the_terminal() -> None:
    """Names with control characters are escaped, wherever they stand."""
    evil = "\x1b[2J\u202e"
    features = StreamFeatures(
        starttls=True, sasl=Offer((evil,), (evil,)), sasl2=Offer((evil, "x")), inline=(evil,),
        fast=(evil,), limits=((evil, evil),), compression=(evil,), others=(evil,),
    )  # fmt: skip
    certificate = replace(
        CERTIFICATE, subject=evil, issuer=evil, names=(("dNSName", evil),), key=evil
    )
    layer = replace(LAYER, alpn=evil, cipher=evil, problem=evil, certificate=certificate)
    visit = Visit(before=features, tls=layer, after=features, trouble=evil)
    plain = sheet(with_visit(visit))
    coloured = sheet(with_visit(visit), colours="256")

    assert r"\x1b[2J" in plain
    assert "\x1b" not in plain
    assert "\x1b[2J" not in coloured
    assert "\u202e" not in plain + coloured
