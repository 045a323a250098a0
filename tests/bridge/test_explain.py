"""Explain: what is said about logins that fail."""

import pytest

from tests.bridge.stage import (
    CLIENT_LEG,
    END_POINT,
    EXPORTER,
    HOST,
    JULIET,
    SERVER_LEG,
    UNIQUE,
    Leg,
    house,
    leg,
)
from xmppspy.analysis.sasl.offers import Offer, Offers
from xmppspy.bridge.credentials import Accounts
from xmppspy.bridge.explain import failed, left, left_without_login
from xmppspy.bridge.house import House, Mode
from xmppspy.bridge.scene import Facts, Scene
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import Side
from xmppspy.protocol.guard import Trouble

PLUS = "SCRAM-SHA-1-PLUS"
PLAIN_SCRAM = "SCRAM-SHA-1"
OFFER = Offer((PLUS, PLAIN_SCRAM), (EXPORTER, END_POINT))
CONDITIONS = (
    "account-disabled", "credentials-expired", "encryption-required", "incorrect-encoding",
    "invalid-authzid", "invalid-mechanism", "malformed-request", "mechanism-too-weak",
    "not-authorized", "temporary-auth-failure",
)  # fmt: skip
REFUSALS = ("not-authorized", "malformed-request")
OTHERS = [condition for condition in CONDITIONS if condition not in REFUSALS]


def scene(
    home: House | None = None,
    *,
    offered: Offer = OFFER,
    shown: Offer | None = None,
    client: Leg = CLIENT_LEG,
    server: Leg = SERVER_LEG,
) -> Scene:
    """A connection on which nobody's password is known, unless `home` knows it."""
    found = Scene(home or house(password=None), HOST, "example.org")
    found.channels = {Side.CLIENT: client, Side.SERVER: server}
    found.offered, found.shown = Offers(offered), Offers(shown or offered)
    return found


def facts(mechanism: str, flag: str = "", binding: str = "", *, challenged: bool = True) -> Facts:
    """A login of juliet's that has come as far as to the server's first message."""
    found = Facts(ns.SASL, mechanism, JULIET, flag, binding)
    found.challenged = challenged
    return found


def bound(kind: str = EXPORTER, *, challenged: bool = True) -> Facts:
    """A login that is bound to the client's TLS, and passes."""
    return facts(PLUS, "p", kind, challenged=challenged)


def bridged(mechanism: str, upstream: str, binding: str = "", *, challenged: bool = True) -> Facts:
    """A login that ends here."""
    found = facts(mechanism, challenged=challenged)
    found.bridged, found.bridged_binding = upstream, binding
    return found


def named(trouble: Trouble | None, error: str, *parts: str) -> bool:
    """Whether it has this name, and says all this."""
    assert trouble is not None
    missing = [part for part in parts if part not in trouble.detail]
    assert (trouble.error, missing) == (error, []), trouble.detail
    return True


# --- what passed, and would not have failed without xmppspy


@pytest.mark.parametrize("condition", REFUSALS)
@pytest.mark.parametrize("kind", [EXPORTER, UNIQUE, END_POINT])
def test_bound_login_that_passed(kind: str, condition: str) -> None:
    """What was chosen, what was compared, and each way out."""
    trouble = failed(bound(kind), scene(), condition)

    assert named(
        trouble,
        "channel-binding",
        f"The login of {JULIET} by {PLUS} failed ({condition}): ",
        f"bound it to its TLS channel ({kind}), which ends at xmppspy",
        f"start xmppspy with --account {JULIET}, and it logs in on both legs",
        "connect again: xmppspy will take -PLUS out",
        "a mechanism without -PLUS",
    )
    assert ("--cert FILE" in trouble.detail) is (kind == END_POINT)


@pytest.mark.parametrize("mode", ["keep", "strip"])
def test_way_out_of_a_mode_that_bridges_nothing(mode: Mode) -> None:
    """The password alone would be refused with it; and the next connection is treated alike."""
    trouble = failed(bound(), scene(house(mode, password=None)), "not-authorized")

    assert named(
        trouble,
        "channel-binding",
        f"start xmppspy with --account {JULIET} and without --channel-binding {mode}, and it logs",
    )
    assert "connect again" not in trouble.detail


def test_next_connection_is_promised_to_those_who_get_it() -> None:
    """The password of another account does not help this one (see `LoginGuard`)."""
    others = House(accounts=Accounts({"romeo@example.org": "x"}))
    unknown = failed(bound(), scene(others), "not-authorized")
    known = failed(bound(), scene(house()), "not-authorized")

    assert "connect again" in unknown.detail
    assert "connect again" not in known.detail


@pytest.mark.parametrize("condition", REFUSALS)
def test_bound_login_that_was_refused_before_it_was_compared(condition: str) -> None:
    """Binding data comes with the last message; an unknown user is not to be blamed on xmppspy."""
    trouble = failed(bound(challenged=False), scene(), condition)

    assert named(
        trouble,
        "login-failed",
        f"the user is unknown, or the server does not bind by {EXPORTER}",
        "it would have failed without xmppspy too",
    )


def test_type_of_a_version_that_the_server_does_not_have() -> None:
    """The client has it from the TLS of its own leg."""
    older = scene(client=leg("c", "TLSv1.2"))
    trouble = failed(bound(UNIQUE, challenged=False), older, "not-authorized")

    assert named(trouble, "channel-binding", f"({UNIQUE})")


@pytest.mark.parametrize("condition", OTHERS)
def test_other_conditions_are_not_blamed_on_the_binding(condition: str) -> None:
    """A disabled account is one, bound or not."""
    trouble = failed(bound(), scene(), condition)

    assert named(trouble, "login-failed", f"({condition})", "would have failed without xmppspy too")


def test_binding_that_is_equal_is_not_to_blame() -> None:
    """With the server's own certificate the password must be wrong."""
    own = b"of the server itself"
    legs = [leg(name, tls_server_end_point=own) for name in ("client", "server")]
    there = scene(client=legs[0], server=legs[1])
    trouble = failed(bound(END_POINT), there, "not-authorized")

    assert named(trouble, "login-failed", "wrong password or token, or an unknown user")


def test_bound_mechanism_without_binding() -> None:
    """The client contradicts itself."""
    trouble = failed(facts(PLUS, "n", challenged=False), scene(), "malformed-request")

    assert named(trouble, "login-failed", f"by {PLUS} with flag n", "and then did not (flag n)")


# --- tokens


@pytest.mark.parametrize("mechanism", ["HT-SHA-256-EXPR", "HT2-SHA-256-EXPR"])
@pytest.mark.parametrize("condition", [*REFUSALS, "credentials-expired"])
def test_bound_token_that_passed(mechanism: str, condition: str) -> None:
    """A token that the server does not find may be called expired."""
    trouble = failed(facts(mechanism, binding=EXPORTER, challenged=False), scene(), condition)

    assert named(trouble, "channel-binding", f"({condition})", "then log in once with the password")


@pytest.mark.parametrize(
    ("mechanism", "binding", "condition"),
    [
        ("HT-SHA-256-EXPR", EXPORTER, "account-disabled"),
        ("HT-SHA-256-NONE", "", "credentials-expired"),
        ("HT-SHA-256-NONE", "", "not-authorized"),
    ],
)
def test_token_that_failed_for_another_reason(mechanism: str, binding: str, condition: str) -> None:
    """It is not bound, or the account is to blame."""
    trouble = failed(facts(mechanism, binding=binding, challenged=False), scene(), condition)

    assert named(trouble, "login-failed", "would have failed without xmppspy too")


# --- downgrades


@pytest.mark.parametrize("condition", REFUSALS)
@pytest.mark.parametrize(
    ("shown", "version", "words"),
    [
        (Offer((PLAIN_SCRAM,)), "TLSv1.3", "-PLUS, which xmppspy took out, and takes"),
        (Offer(OFFER.mechanisms, (END_POINT,)), "TLSv1.3", "by types that xmppspy took out"),
        (OFFER, "TLSv1.2", "by types of another version of TLS"),
    ],
)
def test_flag_that_says_the_server_cannot_bind(
    shown: Offer, version: str, words: str, condition: str
) -> None:
    """It is refused at once, for what the client could not see."""
    there = scene(shown=shown, client=leg("c", version))
    trouble = failed(facts(PLAIN_SCRAM, "y", challenged=False), there, condition)

    assert named(
        trouble,
        "downgrade",
        f"by {PLAIN_SCRAM} with flag y failed",
        words,
        f"start xmppspy with --account {JULIET}",
    )


@pytest.mark.parametrize(
    ("flag", "challenged", "condition"),
    [
        ("y", True, "not-authorized"),
        ("y", False, "account-disabled"),
        ("n", False, "not-authorized"),
    ],
)
def test_no_downgrade(flag: str, condition: str, *, challenged: bool) -> None:
    """The flag was taken: the password is wrong; nor does any other refusal concern it."""
    there = scene(shown=Offer((PLAIN_SCRAM,)))
    trouble = failed(facts(PLAIN_SCRAM, flag, challenged=challenged), there, condition)

    assert named(trouble, "login-failed", "would have failed without xmppspy too")


def test_flag_against_an_offer_that_was_seen() -> None:
    """That is the client's own mistake (RFC 5802 §6)."""
    trouble = failed(facts(PLAIN_SCRAM, "y", challenged=False), scene(), "malformed-request")

    assert named(trouble, "login-failed", "(flag y), but it can (RFC 5802 §6)", "without xmppspy")


@pytest.mark.parametrize(
    ("login", "condition", "words"),
    [
        (facts(PLAIN_SCRAM, "y"), "not-authorized", "wrong password or token, or an unknown"),
        (facts(PLAIN_SCRAM, "y", challenged=False), "account-disabled", "enable it on the server"),
        (facts(PLAIN_SCRAM, "n", challenged=False), "not-authorized", "or an unknown user"),
        (facts(PLUS, "n"), "not-authorized", "wrong password or token, or an unknown user"),
        (facts(PLUS, challenged=False), "malformed-request", "did not understand the client's"),
    ],
)
def test_refusals_that_have_nothing_to_do_with_the_flag(
    login: Facts, condition: str, words: str
) -> None:
    """It was taken, or is right, or the server says what it minds."""
    assert named(failed(login, scene(), condition), "login-failed", words)


def test_flag_without_an_offer_that_was_seen() -> None:
    """Nothing is known of what the server can."""
    there = scene(client=leg("c", "TLSv1.2"))
    there.offered = there.shown = Offers()
    login = facts(PLAIN_SCRAM, "y", challenged=False)

    assert named(failed(login, there, "malformed-request"), "login-failed", "did not understand")


def test_flag_of_a_server_that_cannot_bind() -> None:
    """The user must be unknown, whatever was changed."""
    there = scene(offered=Offer((PLAIN_SCRAM,)), client=leg("c", "TLSv1.2"))
    trouble = failed(facts(PLAIN_SCRAM, "y", challenged=False), there, "not-authorized")

    assert named(trouble, "login-failed", "wrong password or token, or an unknown user")


# --- what was bridged


@pytest.mark.parametrize(
    ("mechanism", "upstream", "binding", "challenged", "condition", "words"),
    [
        (PLUS, PLUS, EXPORTER, True, "not-authorized", "the password is wrong on both sides, or"),
        (PLUS, PLUS, EXPORTER, True, "malformed-request", "a proxy stands between them too"),
        (PLUS, PLAIN_SCRAM, "", True, "malformed-request", "did not understand the client's"),
        (PLUS, PLUS, EXPORTER, True, "account-disabled", "enable it on the server"),
        (PLUS, PLUS, UNIQUE, False, "not-authorized", f"or the server does not bind by {UNIQUE}"),
        (PLUS, PLAIN_SCRAM, "", False, "not-authorized", "(not-authorized): the user is unknown"),
        ("PLAIN", PLUS, EXPORTER, True, "not-authorized", ": the password is wrong, or the user"),
        ("PLAIN", PLUS, EXPORTER, True, "credentials-expired", "has expired: renew it"),
        ("PLAIN", "EXTERNAL", "", False, "not-authorized", "the certificate of --client-cert"),
        (PLAIN_SCRAM, "EXTERNAL", "", True, "not-authorized", "the certificate of --client-cert"),
        (PLAIN_SCRAM, "EXTERNAL", "", True, "invalid-authzid", "the certificate of --client-cert"),
        (PLAIN_SCRAM, "EXTERNAL", "", True, "temporary-auth-failure", "look at its log"),
        ("HT-SHA-256-EXPR",) * 2 + (EXPORTER, False, "not-authorized", "log in once with the"),
        ("HT2-SHA-256-EXPR",) * 2 + (EXPORTER, False, "credentials-expired", "log in once with"),
        ("HT-SHA-256-EXPR",) * 2 + (EXPORTER, False, "account-disabled", "enable it"),
    ],
)  # fmt: skip
def test_bridged_login_that_the_server_refused(
    mechanism: str, upstream: str, binding: str, condition: str, words: str, *, challenged: bool
) -> None:
    """What went to the server is told, and who is wrong; never that xmppspy did not touch it."""
    login = bridged(mechanism, upstream, binding, challenged=challenged)
    trouble = failed(login, scene(house()), condition)
    how = f"{upstream}, bound by {binding}" if binding else upstream

    assert named(trouble, "login-failed", f"was bridged ({how}), and the server refused it", words)
    assert "untouched" not in trouble.detail


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("upstream", [PLUS, "EXTERNAL", "HT-SHA-256-EXPR"])
def test_every_condition_has_its_words(upstream: str, condition: str) -> None:
    """Both for a login that is bridged and for one that passed."""
    assert named(failed(bridged(PLUS, upstream), scene(), condition), "login-failed", condition)
    assert named(failed(facts(PLAIN_SCRAM, "n"), scene(), condition), "login-failed", condition)


def test_wrong_password_comes_first() -> None:
    """It is told which two differ; that the binding is wrong as well would not help."""
    login = bridged(PLUS, PLUS, EXPORTER)
    login.proof_fits, login.binding_fits = False, False

    assert named(
        failed(login, scene(house()), "not-authorized"), "login-failed", "mend the wrong one"
    )


def test_client_that_is_bound_elsewhere() -> None:
    """Its proof is right."""
    login = bridged(PLUS, PLUS, EXPORTER)
    login.proof_fits, login.binding_fits, login.binding = True, False, UNIQUE

    assert named(
        failed(login, scene(house()), "not-authorized"),
        "channel-binding",
        f"by {UNIQUE}, but not to the TLS that it has with xmppspy",
    )


@pytest.mark.parametrize("condition", ["not-authorized", "aborted"])
def test_hindrance_explains_everything(condition: str) -> None:
    """Whatever the server, or xmppspy in its place, has said to it."""
    login = bridged(PLUS, PLUS, EXPORTER)
    login.hindrance = "the keys are not those of the server"

    assert named(
        failed(login, scene(), condition), "login-failed", f"failed ({condition}): the keys are not"
    )


def test_mechanism_that_only_xmppspy_has_offered() -> None:
    """The account is none of those that were given."""
    there = scene(offered=Offer(("EXTERNAL",)), shown=Offer(("EXTERNAL", PLAIN_SCRAM)))
    trouble = failed(facts(PLAIN_SCRAM, "n", challenged=False), there, "invalid-mechanism")

    assert named(trouble, "login-failed", "it was xmppspy that offered", f"--account {JULIET}")


@pytest.mark.parametrize(("has_one", "words"), [
    (False, "start xmppspy with --client-cert FILE --client-key FILE"),
    (True, "does not take the certificate of --client-cert"),
])  # fmt: skip
def test_certificate(words: str, *, has_one: bool) -> None:
    """The client's own cannot be shown; the one that was given may not be good."""
    home = house(password=None, has_certificate=has_one)
    trouble = failed(facts("EXTERNAL", challenged=False), scene(home), "not-authorized")

    assert named(trouble, "login-failed", words)
    assert "without xmppspy too" not in trouble.detail


def test_login_that_nothing_is_known_of() -> None:
    """No mechanism, no account."""
    plain = failed(Facts(ns.SASL, ""), scene(), "not-authorized")
    bound = failed(Facts(ns.SASL, PLUS, flag="p", binding=EXPORTER, challenged=True), scene(), "x")

    assert plain.detail.startswith("The login by an unnamed mechanism failed (not-authorized): ")
    assert bound.detail.startswith(f"The login by {PLUS} failed (x): ")


def test_way_out_for_an_unknown_account() -> None:
    """The person knows which one it is."""
    login = Facts(ns.SASL, PLUS, flag="p", binding=EXPORTER, challenged=True)

    assert "--account JID," in failed(login, scene(), "not-authorized").detail


# --- logins that were given up


@pytest.mark.parametrize(
    ("protected", "shown", "version", "error", "words"),
    [
        (("h",), Offer((PLAIN_SCRAM,)), "TLSv1.3", "downgrade", "xmppspy changed the offer"),
        (("h", "t"), Offer(OFFER.mechanisms, (END_POINT,)), "TLSv1.3", "downgrade", "and the vers"),
        (("h",), OFFER, "TLSv1.3", "login-failed", "it can check the hash of the offer (XEP-0474)"),
        (("t",), OFFER, "TLSv1.2", "downgrade", "start xmppspy with --max-tls 1.2; or start"),
        (("t",), OFFER, "TLSv1.3", "login-failed", "it can check the version of TLS (XEP-0515)"),
        (("h",), OFFER, "TLSv1.2", "login-failed", "it can check the hash"),
        ((), Offer((PLAIN_SCRAM,)), "TLSv1.2", "login-failed", "after the server's first message"),
    ],
)  # fmt: skip
def test_client_that_gives_up(
    protected: tuple[str, ...], shown: Offer, version: str, error: str, words: str
) -> None:
    """It may have seen that it was deceived, if the server helps it to, and only then."""
    login = facts(PLAIN_SCRAM, "n")
    login.protected = protected
    there = scene(shown=shown, client=leg("c", version))
    aborted, gone = failed(login, there, "aborted"), left(login, there)

    assert named(aborted, error, f"the client gave up the login of {JULIET} by", words)
    assert named(gone, error, f"the connection ended in the login of {JULIET} by", words)


@pytest.mark.parametrize("protected", [("h",), ("t",)])
def test_bridged_login_is_not_given_up_for_the_offer(protected: tuple[str, ...]) -> None:
    """The client was told what fits."""
    login = bridged(PLAIN_SCRAM, PLUS, EXPORTER)
    login.protected = protected
    there = scene(house(), shown=Offer((PLAIN_SCRAM,)), client=leg("c", "TLSv1.2"))

    assert named(failed(login, there, "aborted"), "login-failed", "it can check the")


def test_login_that_is_given_up_at_once() -> None:
    """The server was not to blame; that the connection has ended is no failure of a login."""
    login = facts("PLAIN", challenged=False)

    assert named(
        failed(login, scene(), "aborted"), "login-failed", "by PLAIN before the server's first"
    )
    assert left(login, scene()) is None


def test_connection_that_ends_on_a_hindrance() -> None:
    """The client may have gone for what xmppspy could not do."""
    login = bridged(PLUS, PLUS, EXPORTER)
    login.hindrance = "the keys are not those of the server"

    assert named(left(login, scene()), "login-failed", "failed (the connection has ended): the k")


# --- clients that do not even try


@pytest.mark.parametrize(
    ("mode", "option"),
    [("auto", "--account JID,"), ("strip", "and without --channel-binding strip,")],
)
def test_client_that_misses_what_binds(mode: Mode, option: str) -> None:
    """It may remember a stronger mechanism."""
    there = scene(house(mode, password=None))
    there.stripped = True

    assert named(left_without_login(there), "downgrade", "(pinning)", "Remove and add", option)


def test_client_that_does_not_show_its_password() -> None:
    """It was offered PLAIN alone."""
    there = scene()
    there.plain_only = True

    assert named(left_without_login(there), "login-failed", "--bridge-plain", "--account JID")


def test_client_that_just_goes() -> None:
    """Nothing was hidden from it, so there is nothing to say."""
    assert left_without_login(scene()) is None
