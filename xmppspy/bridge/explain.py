"""Explain: why a login failed, in a sentence, and what would make it pass.

Told are the client's choice, what the server checks, and the way out; never a secret.
"""

from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Final

from xmppspy.bridge.house import Mode
from xmppspy.bridge.offer import binds
from xmppspy.bridge.scene import Facts, Scene
from xmppspy.bridge.ways import is_ours
from xmppspy.protocol.events import ErrorName
from xmppspy.protocol.guard import Trouble

_REASONS: Final = {
    "account-disabled": "the account is disabled: enable it on the server",
    "credentials-expired": "the password or token has expired: renew it",
    "encryption-required": "the server wants TLS before a login: have the client use it",
    "incorrect-encoding": "the server could not decode the client's base64",
    "invalid-authzid": "the account may not act as the identity that the client asked for",
    "invalid-mechanism": "the server does not have this mechanism, or not for this account",
    "malformed-request": "the server did not understand the client's message",
    "mechanism-too-weak": "the server wants a stronger mechanism",
    "temporary-auth-failure": "the server has a problem of its own: look at its log",
}
_MISMATCHES: Final = ("not-authorized", "malformed-request")
"""What servers say to a login that is bound to another TLS, or to a flag that they take for a
downgrade: ejabberd the first, Prosody the second. Other conditions have nothing to do with it."""
_WRONG_TOKEN: Final = (*_MISMATCHES, "credentials-expired")
"""What they say to a token: one that they do not find may have expired."""


def failed(facts: Facts, scene: Scene, condition: str) -> Trouble:
    """Why the server, or xmppspy in its place, has said `<failure/>` with this condition."""
    it = _Failure(facts, scene, condition)
    if condition == "aborted" and not facts.hindrance:
        return _aborted(it, "the client gave up")
    found = (case(it) for case in _CASES)
    return next((trouble for trouble in found if trouble is not None), None) or _plainly(it)


def left(facts: Facts, scene: Scene) -> Trouble | None:
    """Why the connection may have ended in the middle of a login, or None."""
    it = _Failure(facts, scene, "the connection has ended")
    if facts.challenged and not facts.hindrance:
        return _aborted(it, "the connection ended in")
    return _hindered(it)


def left_without_login(scene: Scene) -> Trouble | None:
    """Why the client may have gone when it saw the offer, or None."""
    way_out = _give_password("JID", scene.house.mode)
    if scene.plain_only:
        return Trouble(
            "login-failed",
            "the client left without a login: xmppspy offered it PLAIN in place of SCRAM "
            f"(--bridge-plain), and it may refuse to show its password. To let it pass: {way_out}",
        )
    if scene.stripped:
        return Trouble(
            "downgrade",
            "the client left without a login: it saw no -PLUS mechanism, since xmppspy took them "
            "out, and may insist on what it used before (pinning). Remove and add the account "
            f"again in the client, or {way_out}",
        )
    return None


# --- a failure that xmppspy has to do with


@dataclass(frozen=True, slots=True)
class _Failure:
    facts: Facts
    scene: Scene
    condition: str

    def told(self, error: ErrorName, text: str) -> Trouble:
        """A sentence about it."""
        return Trouble(error, f"{_who(self.facts)} failed ({self.condition}): {text}")


def _hindered(it: _Failure) -> Trouble | None:
    return it.told("login-failed", it.facts.hindrance) if it.facts.hindrance else None


def _wrong_password(it: _Failure) -> Trouble | None:
    if it.facts.proof_fits is not False:
        return None
    return it.told(
        "login-failed",
        "the password in the client is not the one that xmppspy was given for this account; mend "
        "the wrong one of the two",
    )


def _wrong_channel(it: _Failure) -> Trouble | None:
    if it.facts.binding_fits:
        return None
    return it.told(
        "channel-binding",
        f"the client has bound it by {it.facts.binding}, but not to the TLS that it has with "
        "xmppspy: another proxy stands between them, or the client computes that type wrongly "
        "(tls-unique is undefined in TLS 1.3, RFC 9266 §3)",
    )


def _bridged(it: _Failure) -> Trouble | None:
    if not it.facts.bridged:
        return None
    bound = f", bound by {it.facts.bridged_binding}" if it.facts.bridged_binding else ""
    return Trouble(
        "login-failed",
        f"{_who(it.facts)} was bridged ({it.facts.bridged}{bound}), and the server refused it "
        f"({it.condition}): {_why_bridged(it.facts, it.condition)}",
    )


def _why_bridged(facts: Facts, condition: str) -> str:
    if facts.bridged == "EXTERNAL" and condition in (*_MISMATCHES, "invalid-authzid"):
        return _CERTIFICATE_REFUSED
    if facts.bridged.startswith("HT") and condition in _WRONG_TOKEN:
        return "the token has expired or was replaced: log in once with the password"
    if condition not in _MISMATCHES:
        return _REASONS[condition]
    if not facts.challenged:
        kind = facts.bridged_binding
        return f"the user is unknown{f', or the server does not bind by {kind}' if kind else ''}"
    if condition == "malformed-request":
        return _ANOTHER_PROXY if facts.bridged_binding else _REASONS[condition]
    where = "" if facts.mechanism == "PLAIN" else " on both sides"
    return f"the password is wrong{where}, or the user is unknown"


_CERTIFICATE_REFUSED: Final = (
    "the server does not take the certificate of --client-cert for this account"
)
_ANOTHER_PROXY: Final = (
    "the server sees another TLS than the one that xmppspy has: a proxy stands between them too"
)


def _bound_token(it: _Failure) -> Trouble | None:
    if not it.facts.mechanism.startswith("HT") or not _is_to_blame(it, _WRONG_TOKEN):
        return None
    return it.told(
        "channel-binding",
        "the token is bound to the client's TLS, which ends at xmppspy, and the server sees "
        f"another. To let it pass: {_way_out(it)}; then log in once with the password: tokens that "
        "are given through xmppspy are bound anew as long as it runs",
    )


def _bound(it: _Failure) -> Trouble | None:
    facts, house = it.facts, it.scene.house
    if not _is_to_blame(it):
        return None
    if not facts.challenged and not it.scene.versions_differ:
        # What the client binds to would have come with its last message (RFC 5802 §5).
        return it.told("login-failed", _TYPE_REFUSED.format(facts.binding))
    ways = [_way_out(it)]
    if facts.binding == "tls-server-end-point":
        ways.append("show the client the server's own certificate (--cert FILE --key FILE)")
    if house.mode == "auto" and house.accounts.of(facts.account) is None:
        ways.append("connect again: xmppspy will take -PLUS out of what this client is offered")
    return it.told(
        "channel-binding",
        f"the client bound it to its TLS channel ({facts.binding}), which ends at xmppspy; the "
        "server checked it against its own channel, which is another. To let it pass: "
        f"{'; or '.join(ways)}; or have the client use a mechanism without -PLUS",
    )


def _is_to_blame(it: _Failure, conditions: Container[str] = _MISMATCHES) -> bool:
    """Whether the server may have refused it because it is bound to the TLS of another leg."""
    kind = it.facts.binding
    return bool(kind) and it.condition in conditions and not it.scene.is_equal(kind)


_TYPE_REFUSED: Final = (
    "the server refused it before it could compare what the client is bound to: the user is "
    "unknown, or the server does not bind by {}; it would have failed without xmppspy too"
)


def _downgraded(it: _Failure) -> Trouble | None:
    """The flag y was refused, which servers do at once (RFC 5802 §6)."""
    change = _what_hides_binding(it)
    if it.facts.flag != "y" or it.facts.challenged or not change:
        return None
    if it.condition not in _MISMATCHES:
        return None
    return it.told(
        "downgrade",
        "the client said that it could bind to TLS but was not offered it (flag y); the server "
        f"does offer -PLUS, {change}, and takes the login for a downgrade (RFC 5802 §6). To let it "
        f"pass: {_way_out(it)}",
    )


def _what_hides_binding(it: _Failure) -> str:
    """Why the client may think that the server cannot bind, although it can; empty for nothing."""
    offered, shown = it.facts.of(it.scene.offered), it.facts.of(it.scene.shown)
    if offered is None or shown is None or not offered.can_bind:
        return ""
    if not shown.can_bind:
        return "which xmppspy took out"
    if offered != shown:
        return "by types that xmppspy took out"
    return "by types of another version of TLS" if it.scene.versions_differ else ""


def _not_offered(it: _Failure) -> Trouble | None:
    if not is_ours(it.scene, it.facts):
        return None
    return it.told(
        "login-failed",
        "it was xmppspy that offered this mechanism, the server does not have it. To let it pass: "
        f"{_way_out(it)}",
    )


def _certificate(it: _Failure) -> Trouble | None:
    if it.facts.mechanism != "EXTERNAL":
        return None
    if it.scene.house.has_certificate:
        return it.told("login-failed", _CERTIFICATE_REFUSED)
    return it.told(
        "login-failed",
        "the server looks for a certificate in its own TLS, which begins at xmppspy, and the "
        "client's key never leaves the client. To let it pass: start xmppspy with --client-cert "
        "FILE --client-key FILE",
    )


_CASES: Final[tuple[Callable[[_Failure], Trouble | None], ...]] = (
    _hindered, _wrong_password, _wrong_channel, _bridged, _bound_token, _bound, _downgraded,
    _not_offered, _certificate,
)  # fmt: skip


# --- others


def _plainly(it: _Failure) -> Trouble:
    return it.told(
        "login-failed",
        f"{_why_plainly(it)}. xmppspy passed it on untouched, and it would have failed without "
        "xmppspy too",
    )


def _why_plainly(it: _Failure) -> str:
    facts, offered = it.facts, it.facts.of(it.scene.offered)
    if it.condition in _MISMATCHES and not facts.challenged:
        if facts.flag == "y" and offered is not None and offered.can_bind:
            return "the client said that the server cannot bind (flag y), but it can (RFC 5802 §6)"
        if facts.flag == "n" and binds(facts.mechanism):
            return "the client chose to bind to TLS, and then did not (flag n)"
    return _REASONS.get(it.condition, "wrong password or token, or an unknown user")


def _aborted(it: _Failure, how: str) -> Trouble:
    facts, scene = it.facts, it.scene
    told = {"h": "the hash of the offer (XEP-0474)", "t": "the version of TLS (XEP-0515)"}
    checks = " and ".join(told[name] for name in facts.protected)
    what = f"{how} {_who(facts).replace('The', 'the', 1)}"
    seen = () if facts.bridged else facts.protected
    if "h" in seen and facts.of(scene.offered) != facts.of(scene.shown):
        return Trouble(
            "downgrade",
            f"{what}: the server tells {checks}, and xmppspy changed the offer, which the client "
            f"can see by that. To let it pass: {_way_out(it)}; or start xmppspy with "
            "--channel-binding keep",
        )
    if "t" in seen and scene.versions_differ:
        return Trouble(
            "downgrade",
            f"{what}: the server tells {checks}, and the client has another version with xmppspy. "
            f"To let it pass: start xmppspy with --max-tls 1.2; or {_way_out(it)}",
        )
    when = "after" if facts.challenged else "before"
    hint = f"; it can check {checks}" if checks else ""
    return Trouble("login-failed", f"{what} {when} the server's first message{hint}")


def _who(facts: Facts) -> str:
    whom = f" of {facts.account}" if facts.account else ""
    flag = f" with flag {facts.flag}" if facts.flag in ("n", "y") else ""
    return f"The login{whom} by {facts.mechanism or 'an unnamed mechanism'}{flag}"


def _way_out(it: _Failure) -> str:
    return _give_password(it.facts.account or "JID", it.scene.house.mode)


def _give_password(account: str, mode: Mode) -> str:
    without = f" and without --channel-binding {mode}" if mode in ("keep", "strip") else ""
    return f"start xmppspy with --account {account}{without}, and it logs in on both legs"
