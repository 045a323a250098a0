import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.analysis.redaction.logins import LOGINS, PASSWORD, Login, sasl, sasl2
from tests.analysis.redaction.planted import RECORDED, SASL, SASL2, SHARED, Plant, leaks, planted
from tests.analysis.scenes import CLIENT_HEADER, Scene
from tests.capture.samples import events
from xmppspy.analysis.redaction import Redactor
from xmppspy.analysis.redaction.triggers import WATCHED
from xmppspy.protocol.accelerator import NOTHING, Watch
from xmppspy.protocol.context import DEFAULT_CONTEXT, StreamContext
from xmppspy.protocol.events import (
    ConnectionClosed,
    Direction,
    Event,
    FateDecided,
    Fault,
    FrameRecord,
    Note,
    StanzaRun,
)
from xmppspy.protocol.framing import Frame, Framer

KEY: Final = b"a key that is stored nowhere"


def redacted(*frames: str, key: bytes = KEY) -> list[FrameRecord]:
    """What becomes of the frames of a client."""
    scene, redactor = Scene(), Redactor(key)
    found = [redactor.apply(scene.client(frame)) for frame in frames]
    return [frame for frame in found if isinstance(frame, FrameRecord)]


def text(frame: str) -> str:
    """What is left of one frame."""
    return redacted(frame)[0].data.decode()


def framed(data: bytes, *, pieces: int = 1 << 20, limit: int = 1 << 20) -> list[FrameRecord]:
    """The frames of a client that sends a header and then `data`, as a proxy records them."""
    framer = Framer(limit)
    frames: list[Frame] = []
    stream = CLIENT_HEADER.encode() + data
    for start in range(0, len(stream), pieces):
        framer.receive_data(stream[start : start + pieces])
        frames += iter(framer.next_frame, None)
    last = framer.end()
    return [
        FrameRecord(
            n=n, t=n, conn=1, dir="c2s", kind=frame.kind, data=frame.data, context=frame.context
        )
        for n, frame in enumerate([*frames, *([last] if last else [])], 1)
    ]


def joined(records: Iterable[Event]) -> bytes:
    """Their bytes."""
    return b"".join(record.data for record in records if isinstance(record, FrameRecord))


@pytest.mark.parametrize("plant", RECORDED)
def test_no_credential_is_recorded(plant: Plant) -> None:
    """Nothing is left of a credential, and the place of it is told."""
    frame = redacted(planted(plant))[0]

    assert leaks([frame], plant.secret) == []
    assert frame.redacted == (plant.label,)


@pytest.mark.parametrize("plant", RECORDED)
def test_everything_else_stays(plant: Plant) -> None:
    """Only the bytes of the secret are others, and no byte has moved."""
    xml, masked = planted(plant), text(planted(plant))
    start = xml.index(plant.secret)
    stop = start + len(plant.secret)
    before = masked[:start]
    if plant.secret in xml and "landing-url" not in xml and "Cookie" not in xml:
        assert before == xml[:start]

    assert len(masked) == len(xml)
    assert masked[stop:] == xml[stop:]


@pytest.mark.parametrize("plant", SHARED)
def test_the_rest_is_recorded(plant: Plant) -> None:
    """What nobody can log in with is recorded as it is."""
    frame = redacted(planted(plant))[0]

    assert frame.data.decode() == planted(plant)
    assert frame.redacted == ()


WRAPPERS: Final[dict[str, Callable[[str], str]]] = {
    "forwarded": lambda xml: (
        "<message><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>"
        f"<message xmlns='jabber:client'>{xml}</message></forwarded></sent></message>"
    ),
    "archived": lambda xml: (
        "<message><result xmlns='urn:xmpp:mam:2' id='1'><forwarded xmlns='urn:xmpp:forward:0'>"
        f"<message xmlns='jabber:server'>{xml}</message></forwarded></result></message>"
    ),
    "echoed": lambda xml: (
        f"<iq type='error' id='1'>{xml}<error type='cancel'><conflict "
        "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
    ),
    "published": lambda xml: (
        "<iq type='set' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish "
        f"node='n'><item id='1'>{xml}</item></publish></pubsub></iq>"
    ),
}


@pytest.mark.parametrize("wrapper", WRAPPERS)
@pytest.mark.parametrize("plant", RECORDED)
def test_copies_are_masked(plant: Plant, wrapper: str) -> None:
    """A stanza inside another one, or the request that an error echoes, is no way out."""
    frame = redacted(WRAPPERS[wrapper](planted(plant)))[0]

    assert leaks([frame], plant.secret) == []


@pytest.mark.parametrize(
    "password",
    [
        "<password>%</password>",
        "<password>\n  %\n</password>",
        "<password><![CDATA[%]]></password>",
        "<password>%<![CDATA[%]]>%</password>",
        "<password>%&amp;%&#65;</password>",
        "<password><!-- % -->%<?x %?></password>",
        "<password><b>%</b>%</password>",
        "<r:password xmlns:r='jabber:iq:register'>%</r:password>",
        "<r:password>%</r:password>",
        '<password xml:lang="en" >%</password >',
        "<password xmlns=''>%</password>",
        "<x password='%'/>",
        '<x password="%"/>',
        "<x password = '%'/>",
        "<x r:password='%&quot;%'/>",
        "<x password='a' password='%'/>",
        "<x xmlns='jabber:x:data'><field var='&#112;assword'><value>%</value></field></x>",
        "<x xmlns='jabber:x:data'><field var='PASSWORD'><value>%</value></field></x>",
        "<x xmlns='jabber:x:data'><item><field var='password'><value>%</value></field></item></x>",
    ],
)
def test_however_it_is_written(password: str) -> None:
    """Quotes, entities, sections, comments, prefixes and white space hide nothing."""
    xml = "<iq type='set'><query xmlns='jabber:iq:register'>" + password + "</query></iq>"
    frame = redacted(xml.replace("%", PASSWORD))[0]

    assert leaks([frame], PASSWORD) == []
    assert len(frame.data) == len(xml.replace("%", PASSWORD))


@pytest.mark.parametrize(
    "xml",
    [
        "<message><body>my password is swordfish, token=5</body></message>",
        "<iq><query xmlns='jabber:iq:register'><password/><registered/></query></iq>",
        "<iq><query xmlns='urn:example:disco'><feature var='muc_passwordprotected'/></query></iq>",
        "<iq><field var='muc#roomconfig_passwordprotectedroom'><value>1</value></field></iq>",
        "<iq><put xmlns='urn:xmpp:http:upload:0'><header name='Expires'>soon</header></put></iq>",
        "<db:result to='montague.example'>98e6917c42cae8df</db:result>",
        f"<success {SASL2}><authorization-identifier>a@b</authorization-identifier></success>",
        f"<auth {SASL} mechanism='EXTERNAL'>=</auth>",
        f"<auth {SASL} mechanism='PLAIN'/>",
        f"<failure {SASL}><not-authorized/></failure>",
        "<stream:features><auth xmlns='http://jabber.org/features/iq-auth'/></stream:features>",
    ],
)
def test_what_is_no_secret_stays(xml: str) -> None:
    """Talk about passwords, their absence, and what only sounds like them is left alone."""
    assert text(xml) == xml


@pytest.mark.parametrize("version", [sasl, sasl2])
@pytest.mark.parametrize("login", LOGINS, ids=lambda login: login.mechanism)
def test_logins_can_still_be_explained(
    login: Login, version: Callable[[Login], list[tuple[str, str]]]
) -> None:
    """Only the secret bytes of a payload are masked, over all frames of an exchange."""
    scene, redactor = Scene(), Redactor(KEY)
    for side, xml in version(login):
        (scene.client if side == "client" else scene.server)(xml)
    masked = [redactor.apply(event) for event in scene.events]
    payloads = [
        b64decode(run) for run in re.findall(rb">([A-Za-z0-9+/=]+)</", joined(masked)) if run
    ]

    assert payloads == [step.left for step in login.steps]
    assert [leaks(masked, secret) for secret in login.secrets] == [[]] * len(login.secrets)


@pytest.mark.parametrize(
    ("mechanism", "payload", "left"),
    [
        ("OAUTHBEARER", "n,a=j@c.example,\1host=c.example\1port=5222\1auth=Bearer %\1\1",
         r"n,a=j@c\.example,\x01host=c\.example\x01port=5222\x01auth=Bearer \*[0-9a-f]{8}\*{11}\x01\x01"),
        ("XOAUTH2", "user=j@c.example\1auth=Bearer %\1\1",
         r"user=j@c\.example\x01auth=Bearer \*[0-9a-f]{8}\*{11}\x01\x01"),
        ("X-OAUTH2", "\0juliet\0%", r"\0juliet\0\*[0-9a-f]{8}\*{11}"),
        ("OAUTHBEARER", "hello %", r"\*+"),
    ],
)  # fmt: skip
def test_bearer_tokens_get_pseudonyms(mechanism: str, payload: str, left: str) -> None:
    """Of a token, it can be seen whether it is the same again, and nothing else."""
    base64 = b64encode(payload.replace("%", PASSWORD).encode()).decode()
    masked = text(f"<auth {SASL} mechanism='{mechanism}'>{base64}</auth>")
    found = b64decode(masked[masked.index(">") + 1 :].partition("<")[0]).decode()

    assert re.fullmatch(left, found)


@pytest.mark.parametrize(
    "payload",
    ["AGp1bGlldABz", "not base64!", "AGp1bGlldABzd29yZGZpc2g", "AGp1bGlldABzd29yZGZpc2h=", "A&#65;"],
)  # fmt: skip
@pytest.mark.parametrize("mechanism", ["", "mechanism=''", "mechanism='X-Y'"])
def test_what_is_not_understood_is_masked_whole(mechanism: str, payload: str) -> None:
    """Without a mechanism, or without base64, nothing of a payload is left."""
    masked = text(f"<auth {SASL} {mechanism}>{payload}</auth>")
    left = masked[masked.index(">") + 1 :].partition("<")[0]

    assert set(left) == {"*"} or set(b64decode(left)) == {0x2A}


def test_the_exchange_may_be_entered_in_the_middle() -> None:
    """SCRAM is known by its form where the capture lacks the beginning of a login."""
    final = b64encode(b"c=biws,r=abcdef,p=dHJlYXN1cmU=").decode()
    masked = text(f"<response {SASL}>{final}</response>")

    assert (
        b64decode(masked.partition(">")[2].partition("<")[0]) == b"c=biws,r=abcdef,p=" + b"*" * 12
    )


def test_a_login_in_a_wrong_namespace() -> None:
    """A client that forgets the namespace has not sent its password for all to read."""
    base64 = b64encode(b"\0juliet\0" + PASSWORD.encode()).decode()

    assert leaks(redacted(f"<auth mechanism='PLAIN'>{base64}</auth>"), PASSWORD) == []


def test_logins_of_connections_do_not_mix() -> None:
    """Each connection has its own mechanism."""
    scene, redactor = Scene(), Redactor(KEY)
    scene.client(f"<auth {SASL} mechanism='EXTERNAL'/>", conn=1)
    scene.client(f"<auth {SASL} mechanism='PLAIN'/>", conn=2)
    base64 = b64encode(b"\0juliet\0" + PASSWORD.encode()).decode()
    scene.client(f"<response {SASL}>{base64}</response>", conn=2)
    masked = [redactor.apply(event) for event in scene.events]

    assert leaks(masked, PASSWORD) == []


def test_white_space_in_base64_stays() -> None:
    """Folded base64 stays folded where it was."""
    base64 = b64encode(b"\0juliet\0" + PASSWORD.encode()).decode()
    folded = f"\n  {base64[:8]}\r\n  {base64[8:]}\n"
    masked = text(f"<auth {SASL} mechanism='PLAIN'>{folded}</auth>")

    assert re.search(r">\n  .{8}\r\n  .+\n<", masked)
    assert leaks(redacted(f"<auth {SASL} mechanism='PLAIN'>{folded}</auth>"), PASSWORD) == []


def test_tokens_are_recognised_again() -> None:
    """The same token has the same pseudonym, another one another, another capture others."""
    tokens = [f"<x xmlns='urn:xmpp:fast:0' token='{name}'/>" for name in ("a" * 32, "b" * 32)]
    first, second, third = (frame.data for frame in redacted(*tokens, tokens[0]))

    assert first == third != second
    assert redacted(tokens[0], key=b"another")[0].data != first


def test_passwords_have_no_fingerprints() -> None:
    """Of two passwords it cannot be seen whether they are the same; nor of a short token."""
    for name in ("password='one-very-long-password'", "token='secret'"):
        assert set(re.findall(r"='(.*?)'/>", text(f"<x {name}/>"))[0]) == {"*"}


def test_what_left_instead_is_masked_too() -> None:
    """The bytes sent instead of a frame are read as that frame, and by their own mechanism."""
    plain = b64encode(b"\0juliet\0" + PASSWORD.encode()).decode()
    scene = Scene()
    frame = scene.client(f"<auth {SASL} mechanism='EXTERNAL'>=</auth>")
    frame = replace(frame, sent=f"<auth {SASL} mechanism='PLAIN'>{plain}</auth>".encode())
    redactor = Redactor(KEY)
    masked = [redactor.apply(frame)]
    answer = b64encode(f"{PASSWORD} is wrong".encode()).decode()
    masked.append(redactor.apply(scene.server(f"<challenge {SASL}>{answer}</challenge>")))

    assert leaks(masked, PASSWORD) == []
    assert isinstance(masked[0], FrameRecord)
    assert masked[0].data == frame.data
    assert masked[0].redacted == ("{urn:ietf:params:xml:ns:xmpp-sasl}auth",)


def test_injected_frames_are_masked() -> None:
    """What xmppspy itself sends holds secrets as well."""
    frame = replace(Scene().client(planted(RECORDED[11])), injected=True)

    assert leaks([Redactor(KEY).apply(frame)], PASSWORD) == []


def test_keys_beside_the_bytes_follow_them() -> None:
    """A masked attribute of the element is masked in the keys of its line, too."""
    frame = Scene().client("<iq id='xmpp:a@b?register;preauth=ZauberwortZauberwort' type='get'/>")
    masked = Redactor(KEY).apply(frame)

    assert isinstance(masked, FrameRecord)
    assert masked.id is not None
    assert masked.id in masked.data.decode()
    assert leaks([masked], "ZauberwortZauberwort") == []


@pytest.mark.parametrize(
    "event",
    [
        Fault(t=0, conn=1, error="x", detail=f"at <password>{PASSWORD}</password>"),
        Fault(t=0, conn=1, error="x", detail=f"the server says: {PASSWORD} is too short"),
        Note(t=0, conn=1, text=f"broken: <x password='{PASSWORD}"),
        FateDecided(t=0, conn=1, n=1, action="replace", sent=planted(RECORDED[11]).encode()),
        ConnectionClosed(t=0, conn=1, by="server", reason=f"{PASSWORD} is not accepted"),
    ],
)
def test_other_events_quote_nothing(event: Event) -> None:
    """What tells of traffic, in words or in bytes, is masked like the traffic."""
    redactor = Redactor(KEY)
    redactor.apply(Scene().client(planted(RECORDED[11], PASSWORD)))

    assert leaks([redactor.apply(event)], PASSWORD) == []


def test_errors_quote_nothing() -> None:
    """A password is found again in the words of an error that answers it."""
    scene, redactor = Scene(), Redactor(KEY)
    scene.client(planted(RECORDED[11], PASSWORD))
    scene.server(f"<iq type='error'><error><text>{PASSWORD}: too short</text></error></iq>")
    scene.server(f"<failure {SASL}><not-authorized/><text>not {PASSWORD}</text></failure>")

    assert leaks([redactor.apply(event) for event in scene.events], PASSWORD) == []


def test_a_header_may_lend_the_namespace() -> None:
    """A prefix that is declared on the stream's header is known inside the stream."""
    scene, redactor = Scene(), Redactor(KEY)
    scene.client(CLIENT_HEADER.replace(" to=", " xmlns:o='urn:xmpp:oauth:0' to="))
    scene.client(f"<iq><o:oauth><o:nonce>{PASSWORD}</o:nonce></o:oauth></iq>")

    assert leaks([redactor.apply(event) for event in scene.events], PASSWORD) == []


SECRETIVE: Final = (
    "<iq type='set'><query xmlns='jabber:iq:register'><password>%</password></query></iq>",
    "<iq type='set'><x password='%'/></iq>",
    "<iq type='set'><x xmlns='jabber:x:data'><field var='password'><value>%</value></field></x></iq>",
    "<iq type='set'><query xmlns='jabber:iq:auth'><password><![CDATA[%]]></password></query></iq>",
    f"<auth {SASL} mechanism='PLAIN'>@</auth>",
)


@pytest.mark.parametrize("padding", ["<y z='%'/>", " z='%'"], ids=["element", "attribute"])
@pytest.mark.parametrize("xml", SECRETIVE)
@pytest.mark.parametrize("pieces", [1, 7, 50, 1000])
def test_a_stanza_over_the_limit(xml: str, padding: str, pieces: int) -> None:
    """A secret may be cut between the pieces of a huge stanza, at any place."""
    base64 = b64encode(b"\0juliet\0" + PASSWORD.encode()).decode()
    end_of_tag = xml.index(">") + padding.startswith("<")
    padded = xml[:end_of_tag] + padding.replace("%", "z" * 300) + xml[end_of_tag:]
    data = padded.replace("%", PASSWORD).replace("@", base64)
    records = framed(data.encode() + b"<presence/>", pieces=pieces, limit=250)
    redactor = Redactor(KEY)
    masked = joined(map(redactor.apply, records)).decode()
    parts = [part for part in (PASSWORD[:6], PASSWORD[-6:], base64[12:20]) if part in masked]

    assert "opaque" in {record.kind for record in records}
    assert parts == []
    assert len(masked) == len(CLIENT_HEADER) + len(data) + len("<presence/>")
    assert masked.endswith("<presence/>")


@pytest.mark.parametrize("xml", SECRETIVE)
def test_a_stanza_cut_off(xml: str) -> None:
    """Of a stanza that is cut off inside its secret, nothing of the secret is recorded."""
    base64 = b64encode(b"\0juliet\0" + PASSWORD.encode()).decode()
    whole = xml.replace("%", PASSWORD).replace("@", base64)
    for end in range(len(whole)):
        redactor = Redactor(KEY)
        masked = joined(map(redactor.apply, framed(whole[:end].encode()))).decode()
        assert len(masked) == len(CLIENT_HEADER) + end
        assert PASSWORD[:4] not in masked
        assert base64[:12] not in masked


@pytest.mark.parametrize(
    "broken",
    [
        "<iq><query xmlns='jabber:iq:register'><password>%</query>",
        "<iq><password a='<'>%</password></iq>",
        "<iq><password a=b>%</password></iq>",
        "<iq></query><password>%",
        "<iq><x token=%></iq></x>",
        "<iq><x token='%></iq>",
        "<iq><auth mechanism=PLAIN>@</auth></x>",
        "<iq><handshake xmlns='x'%</handshake></x>",
        "<iq></x><a>xmpp:b?join;password=%</a>",
        "<iq></x><a b='xmpp:b?join;password=%'/>",
        "<!DOCTYPE x><auth mechanism='PLAIN'>@</auth>",
        "<iq><< <password>%</password>",
        "<iq></x><a b='<password>%</password>",
    ],
)
@pytest.mark.parametrize("pieces", [1, 9, 1000])
def test_broken_xml(broken: str, pieces: int) -> None:
    """Where boundaries are lost, secrets are looked for in what can be recognised."""
    base64 = b64encode(b"\0juliet\0" + PASSWORD.encode()).decode()
    data = broken.replace("%", PASSWORD).replace("@", base64)
    redactor = Redactor(KEY)
    masked = joined(map(redactor.apply, framed(data.encode(), pieces=pieces)))

    assert leaks([Note(t=0, text=masked.decode())], PASSWORD) == []
    assert len(masked) == len(CLIENT_HEADER) + len(data)


def test_http_where_xmpp_was_expected() -> None:
    """Logins and cookies in the headers of HTTP are masked, behind the scheme."""
    request = f"GET / HTTP/1.1\r\nAuthorization: Basic {PASSWORD}\r\nCookie: a={PASSWORD}\r\n\r\n"
    frame = FrameRecord(n=1, t=0, conn=1, dir="c2s", kind="opaque", data=request.encode())
    masked = Redactor(KEY).apply(frame)

    assert joined([masked]).decode() == request.replace(f"a={PASSWORD}", "*" * 22).replace(
        PASSWORD, "*" * 20
    )


def test_a_tag_without_end_is_not_kept() -> None:
    """Of a tag that grows without end no more than a bit is kept; the rest counts as secret."""
    data = b"<iq><x></y><z token='" + b"abcdefgh" * 4096 + b"'/><message>hello</message>"
    redactor = Redactor(KEY)
    masked = joined(map(redactor.apply, framed(data, pieces=1000)))

    assert b"abcd" not in masked
    assert masked.endswith(b"<message>hello</message>")


def test_frames_that_follow_are_framed_again() -> None:
    """After a huge stanza, the frames behind it stand for themselves."""
    data = b"<iq><x>" + b"y" * 300 + b"</x></iq><message><password>%</password></message><iq/>"
    redactor = Redactor(KEY)
    masked = [redactor.apply(record) for record in framed(data, limit=200)]
    last = masked[-1]

    assert isinstance(last, FrameRecord)
    assert last.data == b"<iq/>"
    assert b"%" not in joined(masked)


def test_kept_secrets() -> None:
    """With `keep`, every event passes as it is."""
    frame = Scene().client(planted(RECORDED[0]))

    assert Redactor(KEY, keep=True).apply(frame) is frame


def test_ordinary_frames_pass_as_they_are() -> None:
    """What holds no secret is not copied."""
    frame = Scene().client("<message><body>hello</body></message>")

    assert Redactor(KEY).apply(frame) is frame


def test_forgets_closed_connections() -> None:
    """What was remembered of a connection goes with it."""
    scene, redactor = Scene(), Redactor(KEY)
    for conn in range(5):
        redactor.apply(scene.client(planted(RECORDED[0]), conn))
        redactor.apply(
            scene.client("<partial", conn, kind="partial") if False else scene.closes(conn)
        )

    assert redactor._logins == {}
    assert redactor._documents == {}


@given(st.lists(events, max_size=5))
def test_nothing_makes_it_fail(given: list[Event]) -> None:
    """Any events are masked without an error, and once is as good as twice."""
    once, twice = Redactor(KEY), Redactor(KEY)
    masked = [once.apply(event) for event in given]

    assert [twice.apply(event) for event in masked] == masked


_scraps = st.sampled_from([
    b"<", b">", b"/>", b"</", b"'", b'"', b"=", b"<password>", b"</password>", b"token='", b" ",
    b"<auth mechanism='PLAIN'>", b"AGFubmEAaHVudGVyMg==", b"<![CDATA[", b"]]>", b"<!--", b"-->",
    b"&amp;", b"&#65;", b"preauth=abc", b"\xff", b"\0", b"<iq>", b"</iq>", b"hunter2", b"<x:y ",
    b"<field var='password'>", b"<value>", b"</value>", b"c=biws,r=x,p=abc", b"<?", b"?>", b"*",
])  # fmt: skip
_direction: st.SearchStrategy[Direction] = st.sampled_from(["c2s", "s2c"])


@given(
    st.lists(st.lists(_scraps, max_size=12).map(b"".join), max_size=6),
    st.sampled_from(["opaque", "partial", "iq", "auth", "features"]),
)
@example([b"<password>", b"x"], "opaque")
def test_garbage(pieces: list[bytes], kind: str) -> None:
    """Whatever the pieces are: no byte is added, and masking twice changes nothing more."""
    frames = [
        FrameRecord(n=n, t=0, conn=1, dir="c2s", kind=kind, data=data)
        for n, data in enumerate(pieces)
    ]
    once, twice = Redactor(KEY), Redactor(KEY)
    masked = [once.apply(frame) for frame in frames]
    again = [twice.apply(frame) for frame in masked]

    assert len(joined(masked)) == len(joined(frames))
    assert joined(again) == joined(masked)


_parts = st.sampled_from([
    "<password>", "</password>", "<p:token>", "</p:token>", " token='a'", " token = 'a'", "<x", ">",
    "/>", "<x>", "</x>", "&#65;", "?preauth=a", "%3Fpreauth%3Da", "?Preauth=a", "?token%3da", "a",
    "<field var='secret'>", "<value>", "</value>", "</field>", "<header name='Cookie'>", "</header>",
    " xmlns='urn:xmpp:oauth:0'", " xmlns='urn:xmpp:http:upload:0'", "<handshake>", "</handshake >",
    "<!--", "-->", "<![CDATA[", "]]>", " type='text-private'",
])  # fmt: skip


@given(st.lists(_parts, max_size=12).map("".join))
@example("<x xmlns='urn:xmpp:oauth:0'>a</x>")
def test_the_quick_look_misses_nothing(content: str) -> None:
    """What passes without being read would not be changed by reading."""
    frames = framed(f"<iq>{content}</iq>".encode())
    whole = [frame for frame in frames if frame.kind not in ("opaque", "partial")]

    assert joined(map(Redactor(KEY).apply, whole)) == joined(map(Redactor(KEY)._frame, whole))


_names = st.sampled_from(["password", "x", "p:password", "token", "body"])
_public = st.text("abcxyz <&'\"é", max_size=8).map(
    lambda given: given.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&apos;")
)


@given(st.lists(st.tuples(_names, _public, _public), max_size=6), st.text("QZ&é'", min_size=1))
def test_changes_only_secrets(elements: list[tuple[str, str, str]], secret: str) -> None:
    """Whatever is around the secrets stays as it is, byte for byte."""
    escaped = secret.replace("&", "&amp;").replace("'", "&apos;")
    marked = "".join(
        f"<{name} a='{before}' token='\1'>{before}</{name}><x>{after}</x><password>\1</password>"
        if name in ("x", "body") else f"<{name}>\1</{name}><x>{after}</x>"
        for name, before, after in elements
    )  # fmt: skip
    xml = f"<message xmlns:p='urn:example:p'>{marked}</message>"
    masked = redacted(xml.replace("\1", escaped))[0].data
    length = len(escaped.encode())
    pattern = re.escape(xml.encode()).replace(b"\1", b"[*0-9a-f]{%d}" % length)

    assert re.fullmatch(pattern, masked)


@pytest.mark.parametrize("quoted", [PASSWORD, f"{PASSWORD}!!", f"juliet:{PASSWORD}!!"])
@pytest.mark.parametrize("payload", [f"juliet:{PASSWORD}!!", f"juliet:{PASSWORD}!!&amp;"])
def test_echoes_of_what_is_no_base64(payload: str, quoted: str) -> None:
    """A password that was sent as it is is masked where a failure quotes it."""
    scene = Scene()
    scene.client(f"<auth {SASL} mechanism='PLAIN'>{payload}</auth>")
    scene.server(f"<failure {SASL}><text>incorrect encoding: {quoted}</text></failure>")
    redactor = Redactor(KEY)
    left = [redactor.apply(event) for event in scene.events]

    assert leaks(left, PASSWORD) == []


# --- runs


def run(
    data: bytes, *, context: StreamContext = DEFAULT_CONTEXT, watch: Watch = WATCHED
) -> StanzaRun:
    """Stanzas of a client that came at once."""
    return StanzaRun(1, 1, 0.0, 1, "c2s", data, context, watch)


def test_runs_pass_as_a_whole() -> None:
    """Where nothing is in them that is watched for, each of their records would pass."""
    passing = run(b"<message type='error'/>")

    assert Redactor(KEY).passes(passing)
    assert not Redactor(KEY).passes(passing._replace(watch=NOTHING))
    assert Redactor(KEY, keep=True).passes(passing._replace(watch=NOTHING))


def test_runs_that_may_hold_something_do_not_pass() -> None:
    """A header may lend a secret namespace, an error quote a password, and bytes go on unframed."""
    lent = StreamContext(prefixes={"o": "urn:xmpp:oauth:0"})
    redactor = Redactor(KEY)
    for frame in framed(
        b"<iq type='set'><query xmlns='jabber:iq:auth'><password>Montague</password></query></iq>"
    ):
        redactor.apply(frame)
    unframed = Redactor(KEY)
    unframed.apply(framed(b"<message><body>")[-1])

    assert not Redactor(KEY).passes(run(b"<presence/>", context=lent))
    assert not redactor.passes(run(b"<message type='error'/>"))
    assert redactor.passes(run(b"<presence/>"))
    assert not unframed.passes(run(b"<presence/>"))
