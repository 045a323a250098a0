import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intervene.acting import action, done, load
from xmppspy.errors import FilterError, MalformedXML
from xmppspy.intervene.forms import read_action
from xmppspy.intervene.kinds import Source
from xmppspy.intervene.values import BadValueError
from xmppspy.intervene.vocabulary import KINDS


@pytest.mark.parametrize(
    "forms",
    [
        ('"drop"', "{drop = true}", "{drop = {}}"),
        ('"hold"', "{hold = true}", "{hold = 30}", '{hold = "30s", otherwise = "forward"}'),
        ("{delay = 2}", "{delay = 2.0}", '{delay = "2s"}', "{delay = {seconds = 2}}"),
        ('"duplicate"', "{duplicate = 2}", "{duplicate = {copies = 2}}"),
        (
            "{slicer = {average_size = 1, delay = 0.1}}",
            '{slicer = 1, delay = "100ms"}',
            "{slicer = {average_size = 1}, delay = 0.1}",
        ),
        ('"timeout"', "{timeout = 0}", "{timeout = {timeout = 0}}"),
    ],
)
def test_an_action_may_be_written_in_several_ways(forms: tuple[str, ...]) -> None:
    """They mean the same."""
    assert len({str(done(form)) for form in forms}) == 1


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ('"drop"', "drop"),
        ("{delay = 2.0}", "delay 2.0"),
        ('{replace = "//c:body", text = "a b"}', "replace //c:body text=a b"),
        ("{slicer = {average_size = 1, delay = 0.1}}", "slicer average_size=1 delay=0.1"),
        ('{note = "' + "x" * 50 + '"}', f"note {'x' * 40}…"),
    ],
)
def test_actions_show_themselves(form: str, words: str) -> None:
    """In the words of the file, on one line that is not too long."""
    assert str(action(form)) == words


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ('"dorp"', "there is no action dorp; did you mean drop?"),
        (
            '"frobnicate"',
            "there is no action frobnicate; there are drop, duplicate, delay, reorder",
        ),
        ("{}", 'an action is a name such as "drop" or a table such as {delay = 2.0}'),
        ("7", 'an action is a name such as "drop" or a table such as {delay = 2.0}'),
        ('"delay"', "delay has to be told seconds: {delay = 2.0}"),
        ("{delay = true}", "delay: true is no duration"),
        ("{drop = 7}", 'drop is told nothing; write "drop"'),
        ("{drop = true, seconds = 7}", "drop: there is no seconds"),
        ("{delay = 2, secs = 3}", "delay: there is no secs; did you mean seconds?"),
        ("{delay = 2, x = 3}", "delay: there is no x; there are seconds"),
        (
            "{delay = 2, duplicate = 3}",
            "delay: duplicate is another action; each has a table of its own",
        ),
        ("{delay = 2, seconds = 3}", "delay is told seconds twice"),
        ('{hold = 10, otherwise = "dorp"}', 'hold, otherwise: "dorp" is not one of forward, drop;'),
        ("{latency = 100}", "latency: 100 would be seconds; for toxiproxy's milliseconds write"),
        ("{latency = 0.1, jitter = 60}", "latency, jitter: 60 would be seconds"),
        ('{replace = "//c:body"}', "say by what: text, element, attribute with value"),
        ('{replace = "//c:body", text = "a", remove = true}', "say by what: text, element"),
        ('{replace = "//c:body", attribute = "a"}', "say by what: text, element, attribute with"),
        ('{replace = "//c:body", value = "a"}', "say by what: text, element, attribute with value"),
        (
            '{replace = "//c:body", attribute = "a b", value = ""}',
            'replace, attribute: "a b" is no',
        ),
        ('{answer = "resutl"}', 'the answer is "result", "error" or an element, not "resutl"'),
        ('{answer = "result", text = "a"}', "text does not go with this answer"),
        ('{answer = "error", payload = "<a/>"}', "payload does not go with this answer"),
        (
            '{answer = "error", condition = "item-not-fuond"}',
            'answer, condition: "item-not-fuond" i',
        ),
        ('{answer = "<a/>", type = "wait"}', "type does not go with this answer"),
        ('{inject = "no.xml"}', "no.xml: No such file or directory"),
        ('{inject = "latin.xml"}', "latin.xml: this is no UTF-8"),
        ('{inject = "push.xml", to = "me"}', 'inject, to: "me" is not one of client, server'),
        ('{mark = "\\u0007"}', "mark: the character U+0007 cannot stand in XML"),
    ],
)
def test_what_is_wrong_is_told(form: str, reason: str) -> None:
    """With what would be right, as far as that can be guessed."""
    with pytest.raises(BadValueError) as caught:
        action(form)

    assert str(caught.value).startswith(reason)


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ('{replace = "//c:body[", text = ""}', FilterError),
        ('{replace = "//nobody:knows", text = ""}', FilterError),
        ('{replace = "count(//*)", text = ""}', FilterError),
        ('{replace = "//c:body", element = "<a>"}', MalformedXML),
        ('{replace = "//c:body", element = "<a/><b/>"}', MalformedXML),
        ('{answer = "<a>"}', MalformedXML),
        ('{answer = "result", payload = "text"}', MalformedXML),
        ('{inject = "<a>"}', MalformedXML),
    ],
)
def test_xpaths_and_xml_are_checked_at_once(form: str, error: type[Exception]) -> None:
    """Not when the first frame comes."""
    with pytest.raises(error):
        action(form)


def test_hints_and_files_are_collected() -> None:
    """For whoever reads the file to tell, and to watch."""
    source = Source(load)
    read_action({"replace": "//body", "remove": True}, source)
    read_action({"inject": "push.xml"}, source)

    assert source.files == ["push.xml"]
    assert source.hints == ["xpath: body without a prefix is in no namespace; did you mean c:body?"]


_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8),
              st.sampled_from(["<a/>", "//c:a", "1s", "1kB/s", "push.xml", "client", "drop"])),
    lambda inner: st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip
_keys = st.sampled_from(
    [*KINDS, *{parameter.name for kind in KINDS.values() for parameter in kind.parameters}, "x"]
)


@given(st.one_of(_values, st.dictionaries(_keys, _values, max_size=4), _keys))
def test_whatever_is_written_is_an_action_or_a_reason(form: object) -> None:
    """Nothing else is raised."""
    try:
        read = read_action(form, Source(load))
    except (BadValueError, FilterError, MalformedXML) as error:
        reason = str(error)
    else:
        reason = str(read)

    assert reason
