"""From the first header to a bound resource: what may be said when (RFC 6120 §4.3.5, §6, §7)."""

from collections.abc import Iterator
from typing import Final

from xmppspy.analysis.lint.connection import LEGACY_AUTH, tag_of
from xmppspy.analysis.lint.finding import Breach, Said, Severity
from xmppspy.analysis.lint.frames import Frames, Mood, element, raw, stanza
from xmppspy.analysis.lint.offer import read_offer
from xmppspy.analysis.lint.rule import Rule
from xmppspy.analysis.lint.rules.features import FEATURES
from xmppspy.analysis.lint.sight import Sight, named
from xmppspy.analysis.responders import same
from xmppspy.analysis.summary import tree
from xmppspy.analysis.words import listed, word
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import Side

REGISTER: Final = "jabber:iq:register"
_BEFORE_LOGIN: Final = frozenset({REGISTER, LEGACY_AUTH, "urn:xmpp:pars:0", "urn:xmpp:invite"})
"""What iqs may be about before login."""
_IN_CLEAR: Final = frozenset({"PLAIN", "LOGIN", "OAUTHBEARER", "X-OAUTH2", "X-GOOGLE-TOKEN"})
"""Mechanisms that hand over the secret itself."""
_LOOSE: Final = frozenset({"space", "comment", "pi", "text", "stream", "/stream"})
_UNFRAMED: Final = frozenset({"opaque", "partial"})
_SUCCESS2: Final = f"{{{ns.SASL2}}}success"
_ERROR: Final = f"{{{ns.STREAMS}}}error"
_IDENTIFIERS: Final = ("authorization-identifier", "authorization-identity")
_CONDITIONS: Final = frozenset(
    {
        "aborted", "account-disabled", "credentials-expired", "encryption-required",
        "incorrect-encoding", "invalid-authzid", "invalid-mechanism", "malformed-request",
        "mechanism-too-weak", "not-authorized", "temporary-auth-failure",
    }
)  # fmt: skip
BEGIN: Final = element(ns.SASL, ns.SASL2, names=["auth", "authenticate"], way="c2s")


T02 = Rule(
    "T02", Severity.ERROR, "RFC 6120 §13.8.3, XEP-0078, XEP-0077",
    "a password or token in the clear",
)  # fmt: skip


@T02.on(BEGIN)
def mechanism_in_the_clear(sight: Sight) -> Iterator[Said]:
    """Where it is known that there is no TLS."""
    mechanism = sight.tree.get("mechanism") or ""
    if mechanism in _IN_CLEAR and sight.conn.exposed(Side.CLIENT):
        yield f"{word(mechanism)} without TLS: the password or token can be read on the way"


@T02.on(stanza("iq", types=["set"], holding=[REGISTER, LEGACY_AUTH], way="c2s"))
def password_in_the_clear(sight: Sight) -> Iterator[Said]:
    """In a legacy login, or in a registration, form or not."""
    if not sight.conn.exposed(Side.CLIENT):
        return
    fields = (each.get("var") for each in sight.tree.iter("{jabber:x:data}field"))
    passwords = sight.tree.iter(f"{{{REGISTER}}}password", f"{{{LEGACY_AUTH}}}password")
    if any(True for _ in passwords) or "password" in fields:
        yield "a password without TLS: it can be read on the way"


T03 = Rule("T03", Severity.WARNING, "RFC 6120 §5.3.4", "login without the STARTTLS that is offered")


@T03.on(BEGIN)
def passed_over_tls(sight: Sight) -> Iterator[Said]:
    """TLS comes first."""
    offer = sight.conn.offer
    if offer is not None and offer.starttls and not sight.conn.secured(Side.CLIENT):
        yield "SASL before TLS, although STARTTLS is offered"


T04 = Rule(
    "T04", Severity.INFO, "RFC 6120 §4.7.1", "a client that says in the clear whose account it is"
)


@T04.on(FEATURES)
def told_too_soon(sight: Sight) -> Iterator[Said]:
    """Known to be in the clear when the features offer STARTTLS."""
    header, conn = sight.conn.up.header, sight.conn
    if header is None or conn.kind != "client" or conn.secured(Side.CLIENT):
        return
    if conn.exposed(Side.CLIENT) or sight.child(ns.TLS, "starttls") is not None:
        address = header.attributes.get("from")
        if address:
            yield Breach(f"the header before TLS is from {word(address)}", place=header.place)


T05 = Rule(
    "T05", Severity.INFO, "RFC 6120 §4.7.1, XEP-0388 §2.1",
    "a client that does not say inside TLS whose account it is",
)  # fmt: skip


@T05.on(raw("stream", way="c2s"))
def untold(sight: Sight) -> Iterator[Said]:
    """Some servers offer SASL2 only to known accounts."""
    conn = sight.conn
    if sight.record.context.content != ns.CLIENT or sight.record.from_ is not None:
        return
    if conn.secured(Side.CLIENT) and not conn.login.profile and not conn.login.asked:
        yield "the header inside TLS has no `from`"


T09 = Rule(
    "T09", Severity.ERROR, "RFC 6120 §6.4, XEP-0388 §2.3", "a mechanism that was not offered"
)


@T09.on(BEGIN)
def unoffered(sight: Sight) -> Iterator[Said]:
    """Of the profile in use, those of FAST included."""
    offer, mechanism = sight.conn.offer, sight.tree.get("mechanism") or ""
    if offer is None:
        return
    profile = offer.sasl if sight.record.xmlns == ns.SASL else offer.sasl2
    offered = {*(() if profile is None else profile.mechanisms), *offer.fast}
    if not mechanism:
        yield "no mechanism is named"
    elif mechanism not in offered:
        told = listed(sorted(map(word, offered)), 5) or "nothing"
        yield f"{word(mechanism)} was not offered, but {told}"


T18 = Rule("T18", Severity.ERROR, "RFC 6120 §4.3.5", "a stanza before login")


@T18.on(stanza(mood=Mood.UNSETTLED))
def before_login(sight: Sight) -> Iterator[Said]:
    """Registration, the legacy login and answers may come before; servers have dialback's rules."""
    conn, record = sight.conn, sight.record
    login = conn.login
    if login.profile or not conn.certain or not _is_due(sight):
        return
    is_pipelined = bool(login.asked) and login.restarted and sight.up
    is_answer = record.kind == "iq" and record.type in ("result", "error")
    if is_pipelined or is_answer:
        return
    if record.kind != "iq" or _BEFORE_LOGIN.isdisjoint(record.ns):
        yield f"{named(record)} before login"


def _is_due(sight: Sight) -> bool:
    """Whether the stream is one on which login comes next, as far as the capture tells."""
    conn = sight.conn
    if conn.kind == "component":
        return conn.down.header is not None
    offer = conn.offer
    if conn.kind == "server" or offer is None:
        return False
    return bool(offer.profiles) or offer.starttls


T19 = Rule("T19", Severity.ERROR, "RFC 6120 §7.1", "a stanza to others before a resource is bound")


@T19.on(stanza(way="c2s", mood=Mood.UNSETTLED))
def before_binding(sight: Sight) -> Iterator[Said]:
    """Only the server and the account itself may be addressed."""
    conn, to = sight.conn, sight.record.to
    header = conn.up.header
    if not to or header is None or conn.resuming or not conn.certain:
        return
    if conn.kind != "client" or not conn.awaits_binding:
        return
    own = [header.attributes.get("to"), header.attributes.get("from"), sight.me.bare]
    if not any(each is not None and same(each.partition("/")[0], to) for each in own):
        yield f"{named(sight.record)} to {word(to)} before a resource is bound"


T20 = Rule(
    "T20", Severity.ERROR, "RFC 6120 §6.3.2, XEP-0388 §2.6.1",
    "no new stream after SASL, or a new one after SASL2",
)  # fmt: skip


@T20.on(raw("stream", way="c2s"))
@T20.on(Frames(way="c2s", raw=True, mood=Mood.UNSETTLED, but=frozenset({"stream"})))
def not_restarted(sight: Sight) -> Iterator[Said]:
    """The header may have been sent before the success was read."""
    login, kind = sight.conn.login, sight.record.kind
    if login.profile == "sasl" and not login.restarted and kind not in _LOOSE | _UNFRAMED:
        if sight.conn.once("T20"):
            yield f"{named(sight.record)} where a new header has to follow SASL's success"
    elif login.profile == "sasl2" and kind == "stream" and not sight.conn.compressed:
        yield "a new header after SASL2's success: its stream goes on"


T21 = Rule(
    "T21", Severity.ERROR, "XEP-0388 §3",
    "SASL2 without TLS; or PLAIN is offered at all", lesser=Severity.INFO,
)  # fmt: skip


@T21.on(FEATURES)
def weak_offer(sight: Sight) -> Iterator[Said]:
    """That PLAIN is offered is told once."""
    offer, conn = read_offer(sight.record), sight.conn
    is_clear = conn.exposed(Side.SERVER) or (offer.starttls and not conn.secured(Side.SERVER))
    if offer.sasl2 is not None and is_clear:
        yield "SASL2 is offered without TLS"
    if any("PLAIN" in each.mechanisms for each in offer.profiles) and conn.once("T21"):
        yield Breach("PLAIN is offered: a client may hand over its password", Severity.INFO)


T22 = Rule(
    "T22", Severity.ERROR, "XEP-0388 §2.6, XEP-0198 §9.2",
    "SASL2's success without an identifier, or without features behind it",
)  # fmt: skip


@T22.on(element(ns.SASL2, names=["success"], way="s2c"))
def unnamed(sight: Sight) -> Iterator[Said]:
    """The client learns from it who it is."""
    named = [each for each in sight.children if tree.local(each) in _IDENTIFIERS]
    if not any(tree.text(each).strip() for each in named):
        yield "the success does not tell the authorization identifier"


@T22.on(FEATURES)
@T22.on(raw(way="s2c", mood=Mood.UNSETTLED))
def no_features(sight: Sight) -> Iterator[Said]:
    """They follow at once, unless a session was resumed."""
    last, record = sight.conn.down.last, sight.record
    if last is None or tag_of(last) != _SUCCESS2 or record.kind in _LOOSE | _UNFRAMED:
        return
    is_features = record.kind == "features"
    if sight.conn.offers_due and not is_features and tag_of(record) != _ERROR:
        yield f"{named(record)} where the features have to follow SASL2's success"
    elif is_features and sight.conn.login.resumed:
        yield "features although the session was resumed"


T23 = Rule(
    "T23", Severity.ERROR, "RFC 6120 §6.5, XEP-0388 §2.6.3",
    "a failed login without a known condition",
)  # fmt: skip


@T23.on(element(ns.SASL, ns.SASL2, names=["failure"], way="s2c"))
def unexplained_failure(sight: Sight) -> Iterator[Said]:
    """In SASL2 as well the condition is in the namespace of SASL."""
    found = [each for each in sight.children if tree.local(each) != "text"]
    conditions = [tree.local(each) for each in found if tree.namespace(each) == ns.SASL]
    astray = [name for each in found if (name := tree.local(each)) in _CONDITIONS]
    if not conditions and astray:
        yield f"the condition {astray[0]} is not in the namespace {ns.SASL}"
    elif not conditions:
        yield "the failure has no condition"
    elif conditions[0] not in _CONDITIONS:
        yield f"{word(conditions[0])!r} is no condition of SASL"
