import pytest

from xmppspy.analysis.sasl.steps import Field, Reading, SaslStep


def test_a_step_is_told_on_one_line() -> None:
    """The mechanism where it is chosen, the fields with their meanings, then the warnings."""
    fields = (Field("user", "juliet"), Field("gs2", "n", "no binding"))
    step = SaslStep("auth", "SCRAM-SHA-1", "client-first", fields, ("odd", "wrong"))

    assert step.text == "SCRAM-SHA-1 user=juliet gs2=n (no binding); warning: odd; warning: wrong"
    assert SaslStep("challenge", "SCRAM-SHA-1", warnings=("odd",)).text == "warning: odd"
    assert SaslStep("success", "PLAIN").text == ""


def test_values_are_found_by_name() -> None:
    """The first field of a name is the one that counts."""
    step = SaslStep("auth", "X", fields=(Field("a", "1"), Field("a", "2")))

    assert (step.value("a"), step.value("b")) == ("1", None)


def test_what_is_said_is_harmless_and_short() -> None:
    """A peer's text cannot move the cursor or fill the screen; an empty one is not said."""
    reading = Reading()
    reading.say("user", "\x1b[2J\u202eromeo")
    reading.say("trace", "x" * 1000)
    reading.say("realm", "")
    step = reading.step("auth", "\x1bM" + "X" * 1000)

    assert step.value("user") == "\\x1b[2J\\u202eromeo"
    assert step.value("trace") == "x" * 200 + "…"
    assert step.value("realm") is None
    assert step.mechanism.startswith("\\x1bMXXX")
    assert len(step.mechanism) < 300


@pytest.mark.parametrize(
    ("secret", "shown", "masked"),
    [
        ("pencil", "•••", False), (b"pencil", "•••", False), ("******", "masked", True),
        (b"******", "masked", True), ("", "empty", False), (b"", "empty", False), ("***x", "•••", False),
    ],
)  # fmt: skip
def test_of_a_secret_only_is_said_that_it_is_there(
    secret: str | bytes, shown: str, masked: bool
) -> None:
    """Neither its length nor a letter; and whether the capture still holds it."""
    reading = Reading()
    reading.hide("password", secret)
    step = reading.step("auth", "PLAIN")

    assert (step.value("password"), step.masked) == (shown, masked)
