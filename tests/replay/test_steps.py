from tests.demo.backstage import NURSE, PETER
from tests.replay.performing import END, PING, Said, cast, characters, entering, lines
from xmppspy.replay.steps import Act, answers, requests, steps

MESSAGE = "<message><body>x</body></message>"


def _acts(*connections: list[Said]) -> list[tuple[str, str]]:
    return [
        (step.act.name, "" if step.record is None else step.record.kind)
        for step in steps(cast(lines(*connections)).roles)
    ]


def test_login_is_one_step() -> None:
    """Whatever the recorded negotiation was, today it is a new one."""
    assert _acts([*entering(), ("c2s", MESSAGE), ("c2s", END)]) == [
        ("ENTER", ""),
        ("SAY", "message"),
        ("LEAVE", "/stream"),
    ]


def test_client_that_went_without_a_word_leaves() -> None:
    """A stream that has no end in the capture is ended after the last step."""
    assert _acts([*entering(), ("s2c", MESSAGE)]) == [
        ("ENTER", ""),
        ("HEAR", "message"),
        ("LEAVE", ""),
    ]


def test_nothing_is_waited_for_behind_the_end() -> None:
    """What came after the client's own end comes today, or does not."""
    assert _acts([*entering(), ("c2s", END), ("s2c", MESSAGE), ("s2c", END)]) == [
        ("ENTER", ""),
        ("LEAVE", "/stream"),
        ("OVERHEAR", "message"),
    ]


def test_end_by_the_server_is_heard() -> None:
    """A stream error, and the end that the server begins, are to come again."""
    error = "<stream:error><reset xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
    acts = _acts([*entering(), ("s2c", error), ("s2c", END), ("c2s", END)])

    assert acts == [("ENTER", ""), ("HEAR", "error"), ("HEAR", "/stream"), ("LEAVE", "/stream")]


def test_acknowledgements_are_no_steps() -> None:
    """Only that the client enables management, and when it asks, is said again."""
    names = ["enable", "r", "a", "resume"]
    said: list[Said] = [("c2s", f"<{name} xmlns='urn:xmpp:sm:3'/>") for name in names]
    said += [("s2c", "<r xmlns='urn:xmpp:sm:3'/>")]

    assert _acts([*entering(), *said]) == [
        ("ENTER", ""), ("SAY", "enable"), ("SAY", "r"), ("LEAVE", ""),
    ]  # fmt: skip


def test_order_is_that_of_the_recording() -> None:
    """The steps of all clients stand in one list."""
    one, other = [*entering(), ("c2s", MESSAGE)], [*entering(f"{PETER}/hall"), ("c2s", MESSAGE)]
    found = steps(cast(lines(one, other)).roles)

    assert [(step.role.user, step.act) for step in found[:4]] == [
        ("nurse", Act.ENTER),
        ("nurse", Act.SAY),
        ("peter", Act.ENTER),
        ("peter", Act.SAY),
    ]


def test_cause_is_the_connection_that_said_it() -> None:
    """What another recorded client said is known to come from there."""
    said = f"<message id='m' to='{PETER}'/>"
    heard = f"<message id='m' from='{NURSE}/hall'/>"
    capture = lines(
        [*entering(f"{NURSE}/hall"), ("c2s", said)], [*entering(f"{PETER}/hall"), ("s2c", heard)]
    )
    causes = [step.cause for step in steps(cast(capture).roles) if step.act is Act.HEAR]

    assert causes == [1]


def test_answers_stand_behind_what_belongs_to_them() -> None:
    """The messages of an archive come before the answer that ends them (XEP-0313)."""
    mam = "xmlns='urn:xmpp:mam:2'"
    said: list[Said] = [
        ("c2s", f"<iq type='set' id='q'><query {mam} queryid='1'/></iq>"),
        ("s2c", f"<message><result {mam} queryid='1'/></message>"),
        ("s2c", f"<iq type='result' id='q'><fin {mam}/></iq>"),
    ]
    found = answers(characters(lines([*entering(), *said]))[0])

    assert [[record.kind for record in each] for each in found.values()] == [["message", "iq"]]


def test_answers_of_the_client_know_their_requests() -> None:
    """What the server asked stands under the number of the client's answer."""
    said: list[Said] = [
        ("s2c", f"<iq type='get' id='1'>{PING}</iq>"),
        ("c2s", "<iq type='result' id='1'/>"),
        ("c2s", "<iq type='result' id='2'/>"),
    ]
    found = requests(characters(lines([*entering(), *said]))[0])

    assert [(n, record.type) for n, record in found.items()] == [(5, "get")]
