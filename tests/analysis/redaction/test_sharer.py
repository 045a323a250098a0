import io
import re
from base64 import b64decode, b64encode
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analysis import bridged
from tests.analysis.redaction.logins import LOGINS, Login, sasl, sasl2
from tests.analysis.redaction.planted import RECORDED, SASL, SASL2, SHARED, Plant, leaks, planted
from tests.analysis.scenes import Scene
from tests.capture.samples import events
from xmppspy.analysis import lint
from xmppspy.analysis.lint import Linter
from xmppspy.analysis.lint.examples import examples
from xmppspy.analysis.redaction import Redactor, Sharer
from xmppspy.analysis.sasl import SaslTracker
from xmppspy.capture.reader import read
from xmppspy.protocol.events import (
    ConnectionOpened,
    Event,
    FateDecided,
    Fault,
    FrameRecord,
    Mark,
    Note,
    Side,
    TLSEstablished,
)
from xmppspy.protocol.stanza import Stanza

KEY: Final = b"a key that is stored nowhere"


def shared(scene: Scene | list[Event], *, bodies: bool = False) -> list[Event]:
    """The copy of a capture."""
    given = scene.events if isinstance(scene, Scene) else scene
    sharer = Sharer(KEY, bodies=bodies)
    for event in given:
        sharer.learn(event)
    sharer.begin()
    return [sharer.apply(event) for event in given]


def texts(events_: list[Event]) -> list[str]:
    """The XML of the frames."""
    return [event.data.decode() for event in events_ if isinstance(event, FrameRecord)]


def text(*frames: str, bodies: bool = False) -> str:
    """What becomes of the last of some frames."""
    scene = Scene()
    for frame in frames:
        scene.client(frame)
    return texts(shared(scene, bodies=bodies))[-1]


def _message(payload: str) -> str:
    return f"<message id='m1' to='romeo@montague.example/garden'>{payload}</message>"


@pytest.mark.parametrize("plant", [*RECORDED, *SHARED])
def test_nothing_of_the_table_is_shared(plant: Plant) -> None:
    """Nothing is left of any secret, neither in its place nor where it is quoted."""
    scene = Scene()
    scene.client(planted(plant))
    if "." not in plant.secret:
        scene.client(_message(f"<thread>{plant.secret}</thread>"))
    scene.add(Note(t=1, text=f"about {plant.secret}"))

    assert leaks(shared(scene), plant.secret) == []


@pytest.mark.parametrize(
    "plant",
    [each for each in SHARED if not re.search("<(body|subject)>%", each.xml)],
)
def test_nor_when_bodies_are_kept(plant: Plant) -> None:
    """What people wrote may be kept; keys that stand in it are masked."""
    scene = Scene()
    scene.client(planted(plant))

    assert leaks(shared(scene, bodies=True), plant.secret) == []


@pytest.mark.parametrize("login", LOGINS, ids=lambda login: login.mechanism)
def test_logins_name_nobody(login: Login) -> None:
    """Payloads of SASL are opened: no secret, no name and no host is left in them."""
    for version in (sasl, sasl2):
        scene = Scene()
        scene.client("<iq to='capulet.example' from='juliet@capulet.example/x' type='get' id='1'/>")
        for side, xml in version(login):
            (scene.client if side == "client" else scene.server)(xml)
        copy = shared(scene)
        found = [leaks(copy, secret) for secret in (*login.secrets, "juliet", "capulet", "sirhc")]

        assert found == [[]] * len(found)


def _payload(xml: str) -> bytes:
    return b64decode(xml.partition(">")[2].partition("<")[0])


def test_scram_is_still_scram() -> None:
    """The server's nonce still begins with the client's, and all fields can be read."""
    login = next(each for each in LOGINS if each.mechanism == "SCRAM-SHA-1")
    scene = Scene()
    for side, xml in sasl(login):
        (scene.client if side == "client" else scene.server)(xml)
    first, second, third, last = map(_payload, texts(shared(scene)))
    nonce = re.fullmatch(rb"n,a=user1@domain1\.example,n=user1,r=([0-9a-f]{20})", first)

    assert nonce
    assert re.fullmatch(rb"r=%s.*,s=[A-Za-z0-9+/=]+,i=4096" % re.escape(nonce[1]), second)
    assert third.startswith(b"c=" + b64encode(b"n,a=user1@domain1.example,") + b",r=" + nonce[1])
    assert third.endswith(b",p=********")
    assert last == b"v=********"


def test_passwords_lose_their_length() -> None:
    """In a copy it cannot be seen either how long a password is, also if it was masked before."""
    for secret in ("abc", "a very long password", "*" * 30):
        assert text(f"<iq><x password='{secret}'/></iq>") == "<iq><x password='********'/></iq>"


def test_names_are_the_same_everywhere() -> None:
    """The same account, host or resource has the same name wherever it stands."""
    scene = Scene()
    scene.client(
        "<iq type='set' id='1' to='capulet.example' from='juliet@capulet.example/balcony'>"
        "<query xmlns='urn:example:q' node='juliet@capulet.example'>"
        "<item jid='Juliet@Capulet.Example/balcony'/><uri>xmpp:juliet@capulet.example/balcony?x</uri>"
        "<a>juliet\\40capulet.example and juliet%40capulet.example</a><host>upload.capulet.example"
        "</host><b>Balcony, BALCONY and balcony</b><value>romeo@capulet.example</value></query></iq>"
    )
    copy = texts(shared(scene))[0]

    assert copy == (
        "<iq type='set' id='1' to='domain1.example' from='user1@domain1.example/res1'>"
        "<query xmlns='urn:example:q' node='user1@domain1.example'>"
        "<item jid='user1@domain1.example/res1'/><uri>xmpp:user1@domain1.example/res1?x</uri>"
        "<a>user1\\40domain1.example and user1%40domain1.example</a><host>upload.domain1.example"
        "</host><b>res1, res1 and res1</b><value>user2@domain1.example</value></query></iq>"
    )


def test_names_are_known_before_they_are_introduced() -> None:
    """What a later frame tells to be a name is replaced in earlier ones, too."""
    scene = Scene()
    scene.client(_message("<x xmlns='urn:example:x'>see capulet.example, said tybalt</x>"))
    scene.client("<presence from='tybalt@capulet.example'/>")

    assert "see domain2.example, said user2" in texts(shared(scene))[0]


def test_bodies() -> None:
    """Without --bodies, what people wrote keeps its length; with it, all but the names."""
    xml = _message("<body>Hi Romeo, it&apos;s me: juliet@capulet.example!</body>")

    assert "<body>** ****** **** *** ***********************</body>" in text(xml)
    assert "<body>Hi user1, it&apos;s me: user2@domain2.example!</body>" in text(xml, bodies=True)


def test_words_of_the_protocol_are_no_names() -> None:
    """An account may be called like an element; texts and attributes stay what they are."""
    copy = text(
        "<iq from='admin@localhost/chat' type='set' id='set'><query xmlns='jabber:iq:x'>"
        "<item affiliation='admin' node='admin'/><username>admin</username></query></iq>"
    )

    assert copy == (
        "<iq from='user1@domain1.example/res1' type='set' id='set'><query xmlns='jabber:iq:x'>"
        "<item affiliation='admin' node='admin'/><username>user1</username></query></iq>"
    )


def test_namespaces_are_no_hosts() -> None:
    """Whoever has an account at a domain that namespaces begin with still speaks XMPP."""
    xml = (
        "<iq from='a@jabber.org' type='result' id='1'><query "
        "xmlns='http://jabber.org/protocol/disco#info' node='https://client.example#ver'>"
        "<feature var='http://jabber.org/protocol/muc'/></query></iq>"
    )

    assert text(xml) == xml.replace("a@jabber.org", "user1@domain1.example")


@pytest.mark.parametrize(
    ("address", "copied"),
    [
        ("juliet@", "user1@"),
        ("@capulet.example", "@domain1.example"),
        ("jul'iet@capulet.example".replace("'", "&apos;"), "user1&apos;@domain1.example"),
        ("jul iet@capulet.example", "user1 @domain1.example"),
        ("juliet@capulet.example/", "user1@domain1.example/"),
        ("", ""),
        ("10.1.2.3", "192.0.2.1"),
        ("juliet@[2001:db8:1::5]", "user1@[2001:db8::1]"),
        ("capulet.example.", "domain1.example."),
    ],
)
def test_wrong_addresses_stay_wrong(address: str, copied: str) -> None:
    """A mistake in an address may be what the report is about."""
    assert text(f"<iq to='{address}'/>") == f"<iq to='{copied}'/>"


def test_broken_references_stay_broken() -> None:
    """So may be an ampersand that is not escaped, also beside a name."""
    frame = (
        "<iq from='a@b.example'><x>b.example &amp; c</x><y>b.example & c</y><body>a & b</body></iq>"
    )

    assert text(frame) == (
        "<iq from='user1@domain1.example'><x>domain1.example &amp; c</x>"
        "<y>domain1.example & c</y><body>* & *</body></iq>"
    )


def test_keys_follow() -> None:
    """The keys beside the XML say what it says."""
    scene = Scene()
    scene.client("<iq from='juliet@capulet.example' to='romeo@montague.example' id='juliet-1'/>")
    frame = shared(scene)[0]

    assert isinstance(frame, FrameRecord)
    assert (frame.from_, frame.to) == ("user1@domain1.example", "user2@domain2.example")
    assert frame.id == "user1-1"
    assert frame.redacted == ()


def test_other_events_name_nobody() -> None:
    """Addresses, server names and fingerprints of certificates are replaced, in words as well."""
    opened = ConnectionOpened(
        t=0, conn=1, client="10.0.0.5:4000", server="xmpp.capulet.example:5222"
    )
    secured = TLSEstablished(
        t=0, conn=1, leg=Side.SERVER, version="TLSv1.3", cipher="X", sni="capulet.example",
        peer_sha256="ab" * 32,
    )  # fmt: skip
    fault = Fault(
        t=0, conn=1, error="x", detail="c2.hoster.example:5222 and 10.0.0.5 refuse", offset=5
    )
    note = Note(t=0, text="juliet@capulet.example is there")
    mark = Mark(t=0, text="capulet.example again; see docs/trusting-the-ca.md")
    sent = b"<iq to='juliet@capulet.example'/>"
    fate = FateDecided(t=0, conn=1, n=1, action="replace", sent=sent)
    copy = shared([opened, secured, fault, note, mark, fate])

    assert copy[0] == replace(opened, client="192.0.2.1:4000", server="domain1.example:5222")
    assert isinstance(copy[1], TLSEstablished)
    assert copy[1].sni == "domain2.example"
    assert copy[1].peer_sha256 != "ab" * 32
    assert copy[2:] == [
        replace(fault, detail="domain3.example:5222 and 192.0.2.1 refuse", offset=None),
        replace(note, text="user1@domain2.example is there"),
        replace(mark, text="domain2.example again; see docs/trusting-the-ca.md"),
        replace(fate, sent=b"<iq to='user1@domain2.example'/>"),
    ]


def test_loopback_is_nobody() -> None:
    """The addresses of the machine itself tell nothing."""
    opened = ConnectionOpened(t=0, conn=1, client="127.0.0.1:4000", server="[::1]:5222")

    assert shared([opened]) == [opened]


def test_what_is_not_framed_is_masked() -> None:
    """Of bytes that are no stanza, all text is masked."""
    frame = FrameRecord(n=1, t=0, conn=1, dir="c2s", kind="opaque", data=b"hello <x to='a@b.c'>you")

    assert texts(shared([frame])) == ["***** <x to='user1@domain1.example'>***"]


def session() -> Scene:
    """A session in which nothing is wrong, and one thing is."""
    scene = Scene()
    scene.begins()
    plain = b64encode(b"\0juliet\0swordfish").decode()
    scene.server(
        "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
        "<mechanism>PLAIN</mechanism></mechanisms></stream:features>"
    )
    scene.client(f"<auth {SASL} mechanism='PLAIN'>{plain}</auth>")
    scene.server(f"<success {SASL}/>")
    scene.begins()
    scene.binds()
    scene.client("<enable xmlns='urn:xmpp:sm:3' resume='true'/>")
    scene.server("<enabled xmlns='urn:xmpp:sm:3' resume='true' id='abcdefghijklmnopqrst'/>")
    scene.client("<iq type='get' id='r1'><query xmlns='jabber:iq:roster'/></iq>")
    scene.server(
        "<iq type='result' id='r1'><query xmlns='jabber:iq:roster'><item name='Romeo M.' "
        "jid='romeo@montague.example' subscription='both'><group>Friends</group></item></query></iq>"
    )
    scene.client(
        "<message type='chat' id='m1' to='romeo@montague.example'><body>O!</body></message>"
    )
    scene.client("<r xmlns='urn:xmpp:sm:3'/>")
    scene.server("<a xmlns='urn:xmpp:sm:3' h='2'/>")
    scene.server("<a xmlns='urn:xmpp:sm:3' h='7'/>")
    scene.server("<message from='jul iet@capulet.example'><body>x</body><body>y</body></message>")
    scene.closes()
    return scene


def _findings(given: list[Event]) -> list[tuple[str, int | None]]:
    linter = Linter()
    found = [finding for event in given for finding in linter.see(event)]
    return [(finding.rule, finding.n) for finding in [*found, *linter.finish()]]


@pytest.mark.parametrize("bodies", [True, False])
def test_the_copy_lints_as_before(bodies: bool) -> None:
    """What was wrong is wrong in the copy, and nothing else is."""
    before = _findings(session().events)

    assert before != []
    assert _findings(shared(session(), bodies=bodies)) == before


FAMILIES: Final = sorted(path.stem for path in Path(lint.__file__).parent.glob("examples/*.txt"))
JUDGED_NO_MORE: Final = {"T17", "X09", "X16"}
"""What these rules are about is masked: broken base64, resources like hosts, texts."""


@pytest.mark.parametrize("family", FAMILIES)
def test_examples_lint_as_before(family: str) -> None:
    """So it is with whatever the linter knows; what is masked is not judged."""
    for each in examples(family):
        capture = io.BytesIO("".join(f"{line}\n" for line in each.capture()).encode())
        given = list(read(capture))
        before, after = _findings(given), _findings(shared(given))
        changed = {rule for rule, _ in {*before} ^ {*after}}

        assert changed <= JUDGED_NO_MORE, each
        assert {*after} <= {*before}, each


def test_recorded_sessions_lint_as_before() -> None:
    """The same is true of what is masked when recorded."""
    redactor = Redactor(KEY)
    masked = [redactor.apply(event) for event in session().events]

    assert _findings(masked) == _findings(session().events)


def test_the_copy_keeps_its_form() -> None:
    """Kinds, ids, counters, numbers and times are those of the capture; all of it is XML."""
    before, after = session().events, shared(session())
    frames = [event for event in after if isinstance(event, FrameRecord)]
    kept = [(frame.n, frame.t, frame.kind, frame.dir, frame.type, frame.ns) for frame in frames]

    assert kept == [
        (frame.n, frame.t, frame.kind, frame.dir, frame.type, frame.ns)
        for frame in before
        if isinstance(frame, FrameRecord)
    ]
    assert all(Stanza(frame).well_formed for frame in frames if frame.kind != "space")
    assert "<a xmlns='urn:xmpp:sm:3' h='7'/>" in texts(after)
    for secret in ("juliet", "romeo", "capulet", "montague", "swordfish", "abcdefgh", "Friends"):
        assert leaks(after, secret) == []


def test_counts() -> None:
    """It can be told what was done."""
    sharer, events_ = Sharer(KEY), session().events
    for event in events_:
        sharer.learn(event)
    sharer.begin()
    for event in events_:
        sharer.apply(event)

    assert sharer.names["local part"] >= 2
    assert sharer.tally.frames + sharer.tally.events == len(events_)
    assert sharer.tally.labels["{jabber:client}body"] == 2
    assert sharer.left_in("juliet and user1") == {"juliet"}


def test_a_device_has_another_name() -> None:
    """What a client tells of itself in SASL2 is masked; its bind tag is no secret."""
    copy = text(
        f"<authenticate {SASL2} mechanism='PLAIN'><user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87'>"
        "<software>AwesomeXMPP</software><device>Kiva&apos;s Phone</device></user-agent>"
        "</authenticate>"
    )

    assert "d4565" not in copy
    assert "<software>AwesomeXMPP</software><device>****** *****</device>" in copy


@given(st.lists(events, max_size=4), st.booleans())
def test_nothing_makes_it_fail(given: list[Event], bodies: bool) -> None:
    """Any events can be shared."""
    assert len(shared(given, bodies=bodies)) == len(given)


def test_attributes_that_end_like_others() -> None:
    """`refresh_token` is no `token`, and no less a secret."""
    scene = Scene()
    scene.client("<message><x xmlns='urn:example:own' refresh_token='Zauberwort'/></message>")

    assert "Zauberwort" not in texts(shared(scene))[-1]


@pytest.mark.parametrize("name", bridged.LOGINS)
def test_a_login_that_xmppspy_changed_reads_the_same(name: str) -> None:
    """Nonces continue each other on each leg, and nothing is wrong in the copy only."""
    scene = bridged.LOGINS[name]()
    told = []
    for events_ in (scene.events, shared(scene)):
        tracker, linter = SaslTracker(), Linter()
        steps = [tracker.see(event) for event in events_]
        found = [each.rule for event in events_ for each in linter.see(event)]
        told.append(
            (
                [
                    (step.kind, step.start, step.value("nonce"), step.warnings)
                    for step in steps
                    if step
                ],
                found,
            )
        )

    assert told[0] == told[1]
