"""Explain: why a login failed, in a sentence, and what would make it pass.

Told are the client's choice, what the server checks, and the way out; never a secret.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from xmppspy.bridge.offer import binds
from xmppspy.bridge.scene import Facts, Scene
from xmppspy.bridge.ways import is_ours
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


def failed(facts: Facts, scene: Scene, condition: str) -> Trouble:
    """Why the server, or xmppspy in its place, has said `<failure/>` with this condition."""
    if condition == "aborted" and not facts.hindrance:
        return _aborted(facts, scene)
    for case in _CASES:
        trouble = case(_Failure(facts, scene, condition))
        if trouble is not None:
            return trouble
    return _plainly(facts, condition)


def left(facts: Facts, scene: Scene) -> Trouble | None:
    """Why the connection may have ended in the middle of a login, or None."""
    if facts.hindrance:
        return _hindered(_Failure(facts, scene, "the connection has ended"))
    return _aborted(facts, scene, "the connection ended in") if facts.challenged else None


def left_without_login(scene: Scene) -> Trouble | None:
    """Why the client may have gone when it saw the offer, or None."""
    if not scene.stripped:
        return None
    return Trouble(
        "downgrade",
        "the client left without a login: it saw no -PLUS mechanism, since xmppspy took them out, "
        "and may insist on what it used before (pinning). Remove and add the account again in the "
        f"client, or {_give_password('ACCOUNT')}",
    )


# --- a failure that xmppspy has to do with


@dataclass(frozen=True, slots=True)
class _Failure:
    facts: Facts
    scene: Scene
    condition: str


def _hindered(it: _Failure) -> Trouble | None:
    if not it.facts.hindrance:
        return None
    return Trouble(
        "login-failed", f"{_who(it.facts)} failed ({it.condition}): {it.facts.hindrance}"
    )


def _wrong_password(it: _Failure) -> Trouble | None:
    if it.facts.proof_fits is not False:
        return None
    return Trouble(
        "login-failed",
        f"{_who(it.facts)} failed ({it.condition}): the password in the client is not the one that "
        "xmppspy was given for this account; mend the wrong one of the two",
    )


def _wrong_channel(it: _Failure) -> Trouble | None:
    if it.facts.binding_fits:
        return None
    return Trouble(
        "channel-binding",
        f"{_who(it.facts)} failed ({it.condition}): the client has bound it by {it.facts.binding}, but not "
        "to the TLS that it has with xmppspy: another proxy stands between them, or the client "
        "computes that type wrongly (tls-unique is undefined in TLS 1.3, RFC 9266 §3)",
    )


def _bridged(it: _Failure) -> Trouble | None:
    if not it.facts.bridged:
        return None
    what = _REASONS.get(it.condition, "the password is wrong on both sides, or the user is unknown")
    if it.facts.bridged.startswith("HT-"):
        what = "the token has expired or was replaced: log in once with the password"
    elif it.facts.mechanism == "PLAIN" and it.condition not in _REASONS:
        what = "the password is wrong, or the user is unknown"
    elif it.facts.bridged == "EXTERNAL":
        what = "the server does not take the certificate of --client-cert for this account"
    bound = f", bound by {it.facts.bridged_binding}" if it.facts.bridged_binding else ""
    return Trouble(
        "login-failed",
        f"{_who(it.facts)} was bridged ({it.facts.bridged}{bound}), and the server refused it "
        f"({it.condition}): {what}",
    )


def _bound_token(it: _Failure) -> Trouble | None:
    if not it.facts.mechanism.startswith("HT-") or not binds(it.facts.mechanism):
        return None
    if it.scene.is_equal(it.facts.binding):
        return None
    return Trouble(
        "channel-binding",
        f"{_who(it.facts)} failed ({it.condition}): the token is bound to the client's TLS, which ends "
        "at xmppspy, and the server sees another. xmppspy can translate a token that it has seen "
        f"given: log in once with the password through xmppspy; {_way_out(it)}",
    )


def _bound(it: _Failure) -> Trouble | None:
    if not binds(it.facts.mechanism) and not it.facts.binds:
        return None
    if it.scene.is_equal(it.facts.binding):
        return None
    kind = it.facts.binding or "a type that was not seen"
    ways = [_way_out(it)]
    if it.facts.binding == "tls-server-end-point":
        ways.append("show the client the server's own certificate (--cert FILE --key FILE)")
    if it.scene.house.mode == "auto" and not it.scene.house.accounts:
        ways.append("connect again: xmppspy will take -PLUS out of what this client is offered")
    return Trouble(
        "channel-binding",
        f"{_who(it.facts)} failed ({it.condition}): the client bound it to its TLS channel ({kind}), "
        "which ends at xmppspy; the server checked it against its own channel, which is another. "
        f"To let it pass: {'; or '.join(ways)}; or have the client use a mechanism without -PLUS",
    )


def _downgraded(it: _Failure) -> Trouble | None:
    if it.facts.flag != "y" or not it.scene.stripped:
        return None
    return Trouble(
        "downgrade",
        f"{_who(it.facts)} failed ({it.condition}): the client said that it could bind to TLS but was "
        "not offered it (flag y); the server does offer -PLUS, which xmppspy took out, and takes "
        f"the login for a downgrade (RFC 5802 §6). To let it pass: {_way_out(it)}",
    )


def _not_offered(it: _Failure) -> Trouble | None:
    if not is_ours(it.scene, it.facts):
        return None
    return Trouble(
        "login-failed",
        f"{_who(it.facts)} failed ({it.condition}): it was xmppspy that offered this mechanism, the "
        f"server does not have it. To let it pass: {_way_out(it)}",
    )


def _certificate(it: _Failure) -> Trouble | None:
    if it.facts.mechanism != "EXTERNAL" or it.scene.house.has_certificate:
        return None
    return Trouble(
        "login-failed",
        f"{_who(it.facts)} failed ({it.condition}): the server looks for a certificate in its own TLS, "
        "which begins at xmppspy, and the client's key never leaves the client. To let it pass: "
        "start xmppspy with --client-cert FILE --client-key FILE",
    )


_CASES: Final[tuple[Callable[[_Failure], Trouble | None], ...]] = (
    _hindered, _wrong_password, _wrong_channel, _bridged, _bound_token, _bound, _downgraded,
    _not_offered, _certificate,
)  # fmt: skip


# --- others


def _plainly(facts: Facts, condition: str) -> Trouble:
    reason = _REASONS.get(condition, "wrong password or token, or an unknown user")
    return Trouble(
        "login-failed",
        f"{_who(facts)} failed ({condition}): {reason}. xmppspy passed it on untouched, and it "
        "would have failed without xmppspy too",
    )


def _aborted(facts: Facts, scene: Scene, how: str = "the client gave up") -> Trouble:
    told = {"h": "the hash of the offer (XEP-0474)", "t": "the version of TLS (XEP-0515)"}
    checks = " and ".join(told[name] for name in facts.protected)
    what = f"{how} {_who(facts).replace('The', 'the', 1)}"
    if scene.stripped and not facts.bridged and "h" in facts.protected:
        return Trouble(
            "downgrade",
            f"{what}: the server tells {checks}, and "
            "xmppspy took -PLUS out of the offer, which the client can see by that. To let it "
            f"pass: {_give_password(facts.account)}, or start xmppspy with --channel-binding keep",
        )
    if scene.versions_differ and not facts.bridged and "t" in facts.protected:
        return Trouble(
            "downgrade",
            f"{what}: the server tells {checks}, and the "
            "client has another version with xmppspy. To let it pass: start xmppspy with "
            f"--max-tls 1.2, or {_give_password(facts.account)}",
        )
    hint = f"; it can check {checks}" if checks else ""
    return Trouble(
        "login-failed",
        f"{what} after the server's first message{hint}",
    )


def _who(facts: Facts) -> str:
    whom = f" of {facts.account}" if facts.account else ""
    flag = f", flag {facts.flag}" if facts.flag in ("n", "y") else ""
    return f"The login{whom} by {facts.mechanism or 'an unnamed mechanism'}{flag}"


def _way_out(it: _Failure) -> str:
    house = it.scene.house
    if not house.may_bridge and house.accounts.of(it.facts.account) is not None:
        return f"start xmppspy without --channel-binding {house.mode}, and it logs in on both legs"
    return _give_password(it.facts.account)


def _give_password(account: str) -> str:
    return f"start xmppspy with --account {account or 'JID'}, and it logs in on both legs"
