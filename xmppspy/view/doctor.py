"""The doctor's sheet: what was found of a server, and who will log in through xmppspy."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from xmppspy.analysis.registry import label
from xmppspy.analysis.words import counted, harmless, size_said
from xmppspy.bridge.certificate import Certificate
from xmppspy.bridge.prognosis import Prognosis, Row, Verdict, Way
from xmppspy.bridge.survey import StreamFeatures, Survey, TLSLayer
from xmppspy.view.stats.paper import ERROR, META, Paper
from xmppspy.view.stats.sheet import printed

_LABELS: Final = 12
"""Columns of what stands at the left."""
_WAYS_ROOM: Final = 27
"""Columns of the ways in the prognosis."""
_SOON: Final = 14
"""Days; a certificate that ends sooner is worth a warning."""
_GOOD: Final = "value"
_DOUBTFUL: Final = "change"
_CLEAR_PASSWORDS: Final = frozenset({"PLAIN", "LOGIN", "X-OAUTH2", "OAUTHBEARER"})
_VIA: Final = {
    "srv": "SRV records",
    "address": "no SRV records; the domain's own address",
    "fixed": "as told",
    "map": "as told by --map",
}
_STYLES: Final[dict[Verdict, str]] = {"passes": _GOOD, "may fail": _DOUBTFUL, "fails": ERROR}
_WAYS: Final[dict[Way, str]] = {
    "keep": "keep", "cert": "--cert", "strip": "strip", "bridge": "bridge",
}  # fmt: skip

_Line = tuple[str, str | Text]


def doctor_sheet(
    survey: Survey, outlook: Prognosis, command: str, *, now: datetime, paper: Paper
) -> str:
    """All of it; `command` is the command line to recommend, empty for none."""
    sheet = printed(_sections(survey, outlook, now), paper)
    # Not broken into lines: it is to be copied.
    return f"{sheet}    {harmless(command)}\n" if command else sheet


def _sections(
    survey: Survey, outlook: Prognosis, now: datetime
) -> Iterator[tuple[str, Iterable[RenderableType]]]:
    yield "Server", _grid(_where(survey))
    best = survey.best
    if best is not None and best.before is not None:
        yield "Before TLS", _grid(_before(best.before))
    if best is not None and best.tls is not None and best.tls.version:
        yield "TLS", _grid(_tls(best.tls, survey))
        if best.tls.certificate is not None:
            yield "Certificate", _grid(_certificate(best.tls.certificate, now))
    if best is not None and best.after is not None:
        yield "Inside TLS", _grid(_after(survey))
    if survey.trouble:
        yield "Trouble", [Text(harmless(survey.trouble), style=ERROR)]
    yield "Clients through xmppspy", _prognosis(outlook)
    if survey.examined:
        yield "What to do", _advice(survey, outlook)


def _grid(lines: Iterable[_Line]) -> Iterator[Table]:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style=META, width=_LABELS, no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in lines:
        grid.add_row(name, value if isinstance(value, Text) else Text(harmless(value)))
    if grid.row_count:
        yield grid


def _where(survey: Survey) -> Iterator[_Line]:
    yield "domain", survey.domain
    if survey.via:
        yield "found by", _VIA[survey.via]
    for each in survey.attempts:
        how = "direct TLS" if each.direct_tls else "STARTTLS"
        if each.failure:
            yield "failed", Text(harmless(f"{each.place} ({how}): {each.failure}"), style=ERROR)
        else:
            reached = "" if each.address == each.place else f" ({each.address})"
            yield "connected to", f"{each.place}{reached}, {how}"
    if survey.untried:
        yield "after that", ", ".join(survey.untried)


def _before(features: StreamFeatures) -> Iterator[_Line]:
    starttls = "required" if features.starttls_required else "offered, not required"
    if not features.starttls:
        yield "STARTTLS", Text("not offered: all is in the clear, passwords too", style=ERROR)
    else:
        yield "STARTTLS", starttls
    yield from _clear_login(features)
    yield from _extras(features)


def _clear_login(features: StreamFeatures) -> Iterator[_Line]:
    names = features.mechanisms
    if names:
        bare = [name for name in names if name in _CLEAR_PASSWORDS]
        danger = f"{', '.join(bare)} would show the password to anybody" if bare else "in the clear"
        yield "login", Text(harmless(f"{', '.join(names)}; DANGER: {danger}"), style=ERROR)


def _tls(layer: TLSLayer, survey: Survey) -> Iterator[_Line]:
    alpn = f"ALPN {layer.alpn}" if layer.alpn else "no ALPN"
    yield "version", f"{_version(layer.version)}, {layer.cipher}, {alpn}"
    older = [visit.tls for visit in survey.visits[1:] if visit.tls is not None]
    for each in older:
        yield "also", f"{_version(each.version)}, {each.cipher}"
    if layer.problem:
        yield "verified", Text(harmless(f"NOT VERIFIED: {layer.problem}"), style=ERROR)
    else:
        yield "verified", Text(harmless(f"yes, for {survey.domain}"), style=_GOOD)


def _version(version: str) -> str:
    return version.replace("TLSv", "TLS ")


def _certificate(certificate: Certificate, now: datetime) -> Iterator[_Line]:
    yield "subject", certificate.subject or "(empty)"
    for kind in dict.fromkeys(kind for kind, _ in certificate.names):
        yield kind, ", ".join(name for each, name in certificate.names if each == kind)
    yield "issuer", "itself" if certificate.self_signed else certificate.issuer
    yield "valid", _validity(certificate, now)
    yield "key", certificate.key
    yield "SHA-256", certificate.sha256


def _validity(certificate: Certificate, now: datetime) -> Text:
    days = certificate.days_left(now)
    end = f"until {certificate.not_after:%Y-%m-%d}"
    if certificate.not_before > now:
        return Text(f"only from {certificate.not_before:%Y-%m-%d} on", style=ERROR)
    if certificate.not_after < now:
        return Text(f"{end}: expired", style=ERROR)
    return Text(f"{end}, {counted(days, 'day')} left", style=_DOUBTFUL if days < _SOON else "")


def _after(survey: Survey) -> Iterator[_Line]:
    (version, features), *older = survey.offers
    yield from _login(features)
    yield "bindings", _bindings(features)
    for other, offer in older:
        yield f"in {_version(other)}", _difference(features, offer, _version(version))
    yield from _extras(features)


def _login(features: StreamFeatures) -> Iterator[_Line]:
    sasl = features.sasl
    yield "SASL", ", ".join(sasl.mechanisms) if sasl else "not offered"
    if features.sasl2 is not None:
        same = features.sasl2 == sasl
        yield "SASL2", "the same" if same else ", ".join(features.sasl2.mechanisms)
        if features.inline:
            yield "  with it", ", ".join(map(label, features.inline))
    if features.fast:
        yield "tokens", ", ".join(features.fast)


def _bindings(features: StreamFeatures) -> str:
    if features.bindings is not None:
        return ", ".join(features.bindings) or "none"
    return "the server does not tell which (XEP-0440)" if features.can_bind else "none: no -PLUS"


def _difference(features: StreamFeatures, other: StreamFeatures, version: str) -> str:
    """What is offered with another version of TLS, next to the best one."""
    more = [name for name in other.mechanisms if name not in features.mechanisms]
    less = [name for name in features.mechanisms if name not in other.mechanisms]
    parts = [f"also {', '.join(more)}" if more else "", f"no {', '.join(less)}" if less else ""]
    if features.bindings != other.bindings:
        parts.append(f"bindings: {_bindings(other)}")
    return "; ".join(filter(None, parts)) or f"the same as in {version}"


def _extras(features: StreamFeatures) -> Iterator[_Line]:
    if features.compression:
        yield "compression", f"{', '.join(features.compression)} (xmppspy takes it out)"
    for name, value in features.limits:
        shown = size_said(value) if name == "max-bytes" else f"{value} s"
        yield "limit", f"{name} {shown or value} (XEP-0478)"
    if features.others:
        yield "features", ", ".join(map(label, features.others))


def _prognosis(outlook: Prognosis) -> Iterator[RenderableType]:
    for row in outlook.rows:
        yield Text.assemble(row.kind, (f"  such as {row.examples}" if row.examples else "", META))
        yield Padding(_outlooks(row), (0, 0, 0, 2))
    if outlook.rows:
        yield Text()
        yield Text(
            "These are values of --channel-binding; --cert is keep with the server's own "
            "certificate and key, bridge needs the account's password. The default, auto, bridges "
            "what is bound, and keeps the rest.",
            style=META,
        )


def _outlooks(row: Row) -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(width=8, no_wrap=True)
    grid.add_column(width=_WAYS_ROOM, no_wrap=True)
    grid.add_column()
    for outlook, ways in row.grouped:
        verdict = Text(outlook.verdict, style=_STYLES[outlook.verdict])
        named = ", ".join(_WAYS[way] for way in ways)
        grid.add_row(verdict, named, Text(outlook.reason, style=META))
    return grid


def _advice(survey: Survey, outlook: Prognosis) -> Iterator[Text]:
    if not survey.verified:
        yield Text("The server is NOT VERIFIED: anybody could be there. Mend that first.", ERROR)
    yield Text(harmless(outlook.advice))
