import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analysis import bridged
from tests.replay.talks import CHAT, JID, ROSTER, TALK, login, parts, renamed, with_change
from xmppspy.filters.places import Selector
from xmppspy.replay.compare import Changed, Comparison, Extra, Missing, compare
from xmppspy.replay.recording import Recording

JULIET = "juliet@capulet.example/balcony"

MEANINGFUL = [
    ("type='chat'", "type='headline'"),
    ("to='juliet@capulet.example/balcony'", "to='nurse@capulet.example/balcony'"),
    ("<show>chat</show>", "<show>away</show>"),
    ("Wherefore art thou?", "Wherefore art thou"),
    ("urn:xmpp:receipts", "urn:xmpp:receipts:0"),
    ("<received ", "<displayed "),
    ("subscription='both'", "subscription='to'"),
    ("name='Angelica'", "name='Susan'"),
    ("<group>Verona</group>", ""),
    ("<delay xmlns='urn:xmpp:delay' stamp='2026-11-22T07:40:12Z'/>", ""),
    ("version='1.0' to=", "to="),
    ("C </stream:stream>", "C <presence type='unavailable'/>"),
]
"""What stands in the talk, and what would be something else."""


def compared(expected: list[str], got: list[str], *ignored: str) -> Comparison:
    """Two captures of one connection."""
    selector = Selector(ignored) if ignored else None
    return compare(parts(expected), parts(got), ignore=selector)


def test_a_capture_equals_itself() -> None:
    """Every frame has a counterpart that says the same."""
    result = compared(TALK, TALK)

    assert result == Comparison([], 16)


@pytest.mark.parametrize(("old", "new"), MEANINGFUL)
def test_any_meaningful_change_is_found(old: str, new: str) -> None:
    """An attribute, a text, an element, a namespace: whichever it is, and it alone."""
    found = compared(TALK, with_change(TALK, old, new)).differences

    assert found
    assert all(isinstance(each, Missing | Extra | Changed) for each in found)


def test_resources_ids_times_and_domains_may_differ() -> None:
    """The same scene, with other names for everything that has one."""
    jids = {"/garden": "/orchard", "/balcony": "/window", "capulet.example": "montague.example"}

    assert compared(TALK, renamed(TALK, jids)).differences == []


def test_accounts_may_differ() -> None:
    """Two people in the place of two others, their contacts included."""
    expected = parts([*login(JID), *CHAT], login(JULIET))
    as_others = {"romeo@capulet": "benvolio@verona", "juliet@capulet": "rosaline@verona"}
    got = parts(
        renamed([*login(JID), *CHAT], as_others | {"'capulet": "'verona"}),
        renamed(login(JULIET), as_others | {"'capulet": "'verona"}),
    )

    assert compare(expected, got).differences == []


def test_the_way_of_logging_in_may_differ() -> None:
    """Another mechanism is no difference; a login that fails is."""
    other = [*login(mechanism="SCRAM-SHA-1"), *ROSTER]
    failed = [*login()[:4], "S <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"]

    assert compared([*login(), *ROSTER], other).differences == []
    assert compared(login(), failed).differences != []


def test_sets_may_be_in_another_order() -> None:
    """A roster is a set, and so are the groups of an item."""
    items = re.compile(r"(<item .*</item>)(<item .*/>)")
    groups = re.compile(r"(<group>.*</group>)(<group>.*</group>)")
    swapped = [items.sub(r"\2\1", groups.sub(r"\2\1", line)) for line in TALK]

    assert swapped != TALK
    assert compared(TALK, swapped).differences == []


def test_white_space_and_acknowledgements_may_differ() -> None:
    """Keepalives and what stream management counts come when they like."""
    sm = "xmlns='urn:xmpp:sm:3'"
    more = [*TALK[:12], "C  ", f"S <r {sm}/>", f"C <a {sm} h='3'/>", *TALK[12:]]

    assert compared(TALK, more).differences == []


def test_masked_values_are_like_any() -> None:
    """A capture that was made for a bug report equals the one it was made of."""
    masked = with_change(TALK, "Call me but love.", "*****************")

    assert compared(TALK, masked).differences == []
    assert compared(masked, TALK).differences == []


def test_what_is_to_be_ignored_may_differ() -> None:
    """An XPath tells what does not matter this time."""
    changed = with_change(TALK, "name='Angelica'", "name='Susan'")

    assert compared(TALK, changed).differences != []
    assert compared(TALK, changed, "//roster:item/@name").differences == []


def test_a_whole_session_may_be_missing_or_extra() -> None:
    """It is one difference that tells how much there was."""
    alone, both = parts(TALK), parts(TALK, [*login(JULIET), *ROSTER])
    (missing,) = compare(both, alone).differences
    (extra,) = compare(alone, both).differences

    assert isinstance(missing, Missing)
    assert isinstance(extra, Extra)
    assert missing.frames == extra.frames == 8
    assert missing.identity.full == extra.identity.full == JULIET


def test_sessions_are_found_by_their_accounts() -> None:
    """Who connects first does not matter, nor which of one's clients does."""
    phone, laptop = login("romeo@capulet.example/phone"), login("romeo@capulet.example/laptop")
    expected = parts([*phone, *ROSTER], laptop, login(JULIET))
    got = parts(login(JULIET), laptop, [*phone, *ROSTER])

    assert compare(expected, got).differences == []


def test_captures_without_frames_are_equal() -> None:
    """There is nothing to tell them apart."""
    assert compare([], []) == Comparison([], 0)


WORD = st.text("abcdefgh", min_size=1, max_size=6)


@st.composite
def talks(draw: st.DrawFn) -> list[str]:
    """A talk of random stanzas."""
    lines = login()
    for number in range(draw(st.integers(1, 8))):
        body, kind = draw(WORD), draw(st.sampled_from(["chat", "normal", "headline"]))
        way, side = draw(st.sampled_from([("C", "to"), ("S", "from")]))
        other = draw(st.sampled_from(["juliet@capulet.example/balcony", "nurse@capulet.example/x"]))
        said = f"<body>{body}</body><thread>t{number}</thread>"
        lines.append(
            f"{way} <message type='{kind}' id='m{number}' {side}='{other}'>{said}</message>"
        )
    return lines


@given(talks(), WORD, WORD)
def test_renamed_talks_are_equal(lines: list[str], one: str, other: str) -> None:
    """Whatever is said: with other ids and resources it is the same scene."""
    jids = {"/garden": f"/{one}", "/balcony": f"/{other}", "<thread>": "<thread>new-"}

    assert compared(lines, lines).differences == []
    assert compared(lines, renamed(lines, jids)).differences == []


@given(talks(), st.data())
def test_every_single_mutation_is_found(lines: list[str], data: st.DataObject) -> None:
    """One line left out, said twice or said otherwise: there is a difference."""
    at = data.draw(st.integers(len(login()), len(lines) - 1))
    changed = {
        "left out": [],
        "said twice": [lines[at], lines[at]],
        "another body": [lines[at].replace("<body>", "<body>z")],
        "another type": [lines[at].replace("type='", "type='z")],
        "another account": [lines[at].replace("@capulet", "@montague")],
        "one more child": [lines[at].replace("<body>", "<x xmlns='u:r'/><body>")],
        "another language": [lines[at].replace("<body>", "<body xml:lang='it'>")],
    }
    how = data.draw(st.sampled_from(sorted(changed)))
    mutated = [*lines[:at], *changed[how], *lines[at + 1 :]]

    assert compared(lines, mutated).differences != []


# --- logins that xmppspy has changed


@pytest.mark.parametrize("name", bridged.LOGINS)
def test_a_changed_login_equals_itself(name: str) -> None:
    """Whatever xmppspy put in, took out or replaced."""
    ours, theirs = (Recording(bridged.LOGINS[name]().events).parts.values() for _ in range(2))

    assert compare(ours, theirs).differences == []


@pytest.mark.parametrize("name", ["strip", "plain", "external"])
def test_how_a_login_was_changed_is_no_difference(name: str) -> None:
    """The same session by another mechanism, offered or not, is the same."""
    ours = Recording(bridged.auto().events).parts.values()
    theirs = Recording(bridged.LOGINS[name]().events).parts.values()

    assert compare(ours, theirs).differences == []
