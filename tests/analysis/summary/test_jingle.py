import pytest

from tests.analysis.summary.samples import got


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<iq type='set' id='1'>"
                "<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' "
                "sid='s1' initiator='romeo@example.net/x'>"
                "<content creator='initiator' name='voice'>"
                "<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'>"
                "<payload-type id='96' name='opus'/>"
                "<payload-type id='0' name='PCMU'/><payload-type id='8' name='PCMA'/>"
                "<payload-type id='18' name='G729'/></description>"
                "<transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='u' "
                "pwd='s3cret'/></content><content creator='initiator' name='cam'>"
                "<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='video'/>"
                "<transport xmlns='urn:xmpp:jingle:transports:ice-udp:1'/></content>"
                "</jingle></iq>"
            ),
            "jingle session-initiate s1 audio(opus,PCMU,PCMA +1)+video ice-udp",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' "
                "sid='s1'><content name='f'>"
                "<description xmlns='urn:xmpp:jingle:apps:file-transfer:5'><file>"
                "<name>cat.jpg</name><size>23456</size></file></description>"
                "<transport xmlns='urn:xmpp:jingle:transports:ibb:1' sid='i1'/>"
                "</content></jingle></iq>"
            ),
            'jingle session-initiate s1 file("cat.jpg" 23 kB) ibb',
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<jingle xmlns='urn:xmpp:jingle:1' action='transport-info' sid='s1'>"
                "<content name='voice'>"
                "<transport xmlns='urn:xmpp:jingle:transports:ice-udp:1'>"
                "<candidate type='host'/><candidate type='relay'/></transport>"
                "</content></jingle></iq>"
            ),
            "jingle transport-info s1 voice ice-udp 2 candidates (host, relay)",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<jingle xmlns='urn:xmpp:jingle:1' action='transport-info' sid='s1'>"
                "<content name='f'>"
                "<transport xmlns='urn:xmpp:jingle:transports:s5b:1' sid='v1'>"
                "<candidate-used cid='c'/></transport></content></jingle></iq>"
            ),
            "jingle transport-info s1 f s5b candidate-used",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<jingle xmlns='urn:xmpp:jingle:1' action='session-info' sid='s1'>"
                "<ringing xmlns='urn:xmpp:jingle:apps:rtp:info:1'/></jingle></iq>"
            ),
            "jingle session-info s1 ringing",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<jingle xmlns='urn:xmpp:jingle:1' action='session-info' sid='s1'>"
                "<mute xmlns='urn:xmpp:jingle:apps:rtp:info:1' name='voice'/>"
                "</jingle></iq>"
            ),
            "jingle session-info s1 mute voice",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<jingle xmlns='urn:xmpp:jingle:1' action='session-terminate' "
                "sid='s1'><reason><decline/><text>Not now</text></reason></jingle>"
                "</iq>"
            ),
            'jingle session-terminate s1 (decline) "Not now"',
        ),
        (
            "<iq type='set' id='1'><jingle xmlns='urn:xmpp:jingle:1'/></iq>",
            "jingle (no action) (no sid)",
        ),
        (
            (
                "<iq type='set' id='1'>"
                "<jingle xmlns='urn:xmpp:jingle:1' action='content-add' sid='s1'>"
                "<content name='x'><transport xmlns='urn:example:pigeon'/></content>"
                "</jingle></iq>"
            ),
            "jingle content-add s1 x urn:example:pigeon",
        ),
    ],
)
def test_sessions(xml: str, summary: str) -> None:
    """The action, the session, its contents and transports."""
    assert got(xml) == summary


@pytest.mark.parametrize(
    ("xml", "summary"),
    [
        (
            (
                "<message type='chat'>"
                "<propose xmlns='urn:xmpp:jingle-message:0' id='c1'>"
                "<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/>"
                "<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='video'/>"
                "</propose><body>A call</body></message>"
            ),
            "call propose c1 audio+video [fallback body]",
        ),
        (
            (
                "<message type='chat'>"
                "<propose xmlns='urn:xmpp:jingle-message:0' id='c1'>"
                "<description xmlns='urn:xmpp:jingle:apps:file-transfer:5'/>"
                "</propose></message>"
            ),
            "call propose c1 file-transfer",
        ),
        (
            ("<message type='chat'><ringing xmlns='urn:xmpp:jingle-message:0' id='c1'/></message>"),
            "call ringing c1",
        ),
        (
            ("<message type='chat'><proceed xmlns='urn:xmpp:jingle-message:0' id='c1'/></message>"),
            "call proceed c1",
        ),
        (
            (
                "<message type='chat'>"
                "<reject xmlns='urn:xmpp:jingle-message:0' id='c1'>"
                "<reason xmlns='urn:xmpp:jingle:1'><busy/></reason><tie-break/>"
                "</reject></message>"
            ),
            "call reject c1 (busy) tie-break",
        ),
        (
            (
                "<message type='chat'>"
                "<finish xmlns='urn:xmpp:jingle-message:0' id='c1'>"
                "<reason xmlns='urn:xmpp:jingle:1'><expired/></reason>"
                "<migrated to='c2'/></finish></message>"
            ),
            "call finish c1 (expired) migrated to c2",
        ),
        (
            (
                "<message type='chat'>"
                "<invite xmlns='urn:xmpp:call-invites:0' video='true'>"
                "<jingle sid='s1'/></invite></message>"
            ),
            "call invite video session s1",
        ),
        (
            ("<message type='chat'><left xmlns='urn:xmpp:call-invites:0' id='i1'/></message>"),
            "call left i1",
        ),
    ],
)
def test_calls(xml: str, summary: str) -> None:
    """Proposals and invitations before there is a session."""
    assert got(xml) == summary
