"""Plants: a secret in every place that is masked, and the search for what is left of one."""

import base64
import binascii
import html
import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple
from urllib.parse import quote, unquote

from xmppspy.capture.format import encode
from xmppspy.protocol.events import Event

SASL: Final = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"
SASL2: Final = "xmlns='urn:xmpp:sasl:2'"


class Plant(NamedTuple):
    """A frame in which `%` stands for a secret. `label` is how a capture names the place."""

    xml: str
    label: str
    secret: str = "Zauberwort-7294-qXyZ"


def _iq(payload: str) -> str:
    return f"<iq type='set' id='p1'>{payload}</iq>"


def _form(field: str) -> str:
    return _iq(
        "<command xmlns='http://jabber.org/protocol/commands' node='n'>"
        f"<x xmlns='jabber:x:data' type='submit'>{field}</x></command>"
    )


def _message(payload: str) -> str:
    return f"<message id='m1' to='romeo@montague.example'>{payload}</message>"


_MUC: Final = "http://jabber.org/protocol/muc"
_FORM_VALUE: Final = "{jabber:x:data}value"
_ICE: Final = "xmlns='urn:xmpp:jingle:transports:ice-udp:1'"

RECORDED: Final = (
    Plant(f"<success {SASL2}><token xmlns='urn:xmpp:fast:0' expiry='x' token='%'/></success>",
          "{urn:xmpp:fast:0}token/@token"),
    Plant("<enabled xmlns='urn:xmpp:sm:3' id='s'><isr-enabled token='%' "
          "xmlns='https://xmpp.org/extensions/isr/0'/></enabled>",
          "{https://xmpp.org/extensions/isr/0}isr-enabled/@token"),
    Plant(f"<success {SASL2}><inst-resumed xmlns='https://xmpp.org/extensions/isr/0' token='%'/>"
          "</success>", "{https://xmpp.org/extensions/isr/0}inst-resumed/@token"),
    Plant(f"<task-data {SASL2}><hash xmlns='urn:xmpp:scram-upgrade:0'>%</hash></task-data>",
          "{urn:xmpp:scram-upgrade:0}hash"),
    Plant(f"<task-data {SASL2}><totp xmlns='urn:example:totp'>%</totp></task-data>",
          "{urn:xmpp:sasl:2}task-data"),
    Plant(f"<next {SASL2} task='TOTP'><totp xmlns='urn:example:totp'>%</totp></next>",
          "{urn:xmpp:sasl:2}next"),
    *(
        Plant(_iq(f"<query xmlns='jabber:iq:auth'><username>juliet</username><{name}>%</{name}>"
                  "</query>"), f"{{jabber:iq:auth}}{name}")
        for name in ("password", "digest", "hash", "token", "sequence")
    ),
    Plant(_iq("<query xmlns='jabber:iq:register'><username>juliet</username>"
              "<password>%</password></query>"), "{jabber:iq:register}password"),
    Plant("<iq type='error' id='p1'><query xmlns='jabber:iq:register'><password>%</password>"
          "</query><error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
          "</error></iq>", "{jabber:iq:register}password"),
    *(
        Plant(_form(f"<field var='{name}'><value>%</value></field>"), _FORM_VALUE)
        for name in (
            "password", "old_password", "password-verify", "secret", "muc#roomconfig_roomsecret",
            "oauth_token", "oauth_signature", "device-token", "accessToken", "newpass",
        )
    ),
    Plant(_form("<field type='text-private' var='answer'><value>%</value></field>"), _FORM_VALUE),
    Plant(_iq("<enable xmlns='urn:xmpp:push:0' jid='push.example' node='n'>"
              "<x xmlns='jabber:x:data' type='submit'><field var='secret'><value>%</value></field>"
              "</x></enable>"), _FORM_VALUE),
    Plant(_iq("<preauth xmlns='urn:xmpp:pars:0' token='%'/>"), "{urn:xmpp:pars:0}preauth/@token"),
    Plant(_message("<body>xmpp:juliet@capulet.example?roster;preauth=%;ibr=y</body>"),
          "{jabber:client}body"),
    Plant(_message("<body>https://chat.example/i/#xmpp:a@b.example%3Froster%3Bpreauth%3D%</body>"
                   .replace("%3D%", "%3D\0").replace("%", "\1").replace("\0", "%")),
          "{jabber:client}body"),
    Plant(_form("<field var='uri'><value>xmpp:a@b.example?register;preauth=%</value></field>"),
          _FORM_VALUE),
    Plant(_form("<field var='landing-url'><value>https://chat.example/join/%</value></field>"),
          _FORM_VALUE),
    Plant("<handshake xmlns='jabber:component:accept'>%</handshake>",
          "{jabber:component:accept}handshake"),
    Plant(_iq("<slot xmlns='urn:xmpp:http:upload:0'><put url='https://up.example/x'>"
              "<header name='Authorization'>Bearer %</header></put></slot>"),
          "{urn:xmpp:http:upload:0}header"),
    Plant(_iq("<slot xmlns='urn:xmpp:http:upload:0'><put url='https://up.example/x'>"
              "<header name='Cookie'>session=%</header></put></slot>"),
          "{urn:xmpp:http:upload:0}header"),
    Plant(_iq("<req xmlns='urn:xmpp:http'><headers xmlns='http://jabber.org/protocol/shim'>"
              "<header name='Authorization'>Basic %</header></headers></req>"),
          "{http://jabber.org/protocol/shim}header"),
    Plant(_iq("<services xmlns='urn:xmpp:extdisco:2'><service type='turn' host='h' password='%'/>"
              "</services>"), "{urn:xmpp:extdisco:2}service/@password"),
    Plant(_iq("<services xmlns='urn:xmpp:extdisco:1'><service type='turn' host='h' password='%'/>"
              "</services>"), "{urn:xmpp:extdisco:1}service/@password"),
    Plant(_iq("<turn xmlns='http://jabber.org/protocol/jinglenodes#turncredentials' "
              "password='%'/>"),
          "{http://jabber.org/protocol/jinglenodes#turncredentials}turn/@password"),
    Plant(f"<presence to='r@c.example/n'><x xmlns='{_MUC}'><password>%</password></x></presence>",
          f"{{{_MUC}}}password"),
    Plant(_message(f"<x xmlns='{_MUC}#user'><invite to='a@b.example'/><password>%</password></x>"),
          f"{{{_MUC}#user}}password"),
    Plant(_iq(f"<query xmlns='{_MUC}#owner'><destroy jid='r@c.example'><password>%</password>"
              "</destroy></query>"), f"{{{_MUC}#owner}}password"),
    Plant(_message("<x xmlns='jabber:x:conference' jid='r@c.example' password='%'/>"),
          "{jabber:x:conference}x/@password"),
    Plant(_iq("<query xmlns='jabber:iq:private'><storage xmlns='storage:bookmarks'>"
              "<conference jid='r@c.example'><password>%</password></conference></storage>"
              "</query>"), "{storage:bookmarks}password"),
    Plant(_iq("<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:xmpp:bookmarks:1'>"
              "<item id='r@c.example'><conference xmlns='urn:xmpp:bookmarks:1'>"
              "<password>%</password></conference></item></items></pubsub>"),
          "{urn:xmpp:bookmarks:1}password"),
    Plant(_message("<body>xmpp:r@c.example?join;password=%</body>"), "{jabber:client}body"),
    Plant(_iq("<oauth xmlns='urn:xmpp:oauth:0'><oauth_token>%</oauth_token></oauth>"),
          "{urn:xmpp:oauth:0}oauth_token"),
    Plant(_iq("<token xmlns='urn:xmpp:muc-token-invite:0'>%</token>"),
          "{urn:xmpp:muc-token-invite:0}token"),
    Plant(_message("<invitation xmlns='urn:xmpp:mix:misc:0'><token>%</token></invitation>"),
          "{urn:xmpp:mix:misc:0}token"),
    Plant(_message("<set-cookies xmlns='urn:xmpp:tmp:cookies'><session>%</session></set-cookies>"),
          "{urn:xmpp:tmp:cookies}session"),
    Plant(_iq("<query xmlns='urn:xmpp:client-key:0'><client-key>%</client-key></query>"),
          "{urn:xmpp:client-key:0}client-key"),
    Plant(_iq("<private-key xmlns='urn:xmpp:xid:0'>%</private-key>"),
          "{urn:xmpp:xid:0}private-key"),
    *(
        Plant(_iq(f"<scram xmlns='urn:xmpp:pie:0#scram'><{name}>%</{name}></scram>"),
              f"{{urn:xmpp:pie:0#scram}}{name}")
        for name in ("stored-key", "server-key")
    ),
    Plant(_iq("<user xmlns='urn:xmpp:pie:0' name='juliet' password='%'/>"),
          "{urn:xmpp:pie:0}user/@password"),
    *(
        Plant(_iq(f"<x xmlns='urn:xmpp:iot:provisioning' {name}='%'/>"),
              f"{{urn:xmpp:iot:provisioning}}x/@{name}")
        for name in ("token", "userToken", "serviceToken")
    ),
    Plant(_message("<x xmlns='urn:example:own'><password>%</password></x>"),
          "{urn:example:own}password"),
    Plant(_message("<login xmlns='urn:example:own' secret='%'/>"),
          "{urn:example:own}login/@secret"),
    *(
        Plant(_message(f"<x xmlns='urn:example:own'><{name}>%</{name}></x>"),
              f"{{urn:example:own}}{name}")
        for name in ("Password", "PASSWORD", "Secret")
    ),
    Plant(_message("<login xmlns='urn:example:own' PASSWORD='%'/>"),
          "{urn:example:own}login/@PASSWORD"),
    Plant(_message("<body>xmpp:r@c.example?join;PASSWORD=%</body>"), "{jabber:client}body"),
)  # fmt: skip
"""What is masked when recorded, SASL aside."""

SHARED: Final = (
    Plant("<enabled xmlns='urn:xmpp:sm:3' id='%' resume='true'/>", "{urn:xmpp:sm:3}enabled/@id"),
    Plant("<resume xmlns='urn:xmpp:sm:3' h='1' previd='%'/>", "{urn:xmpp:sm:3}resume/@previd"),
    Plant("<resumed xmlns='urn:xmpp:sm:3' h='1' previd='%'/>", "{urn:xmpp:sm:3}resumed/@previd"),
    Plant("<db:result xmlns:db='jabber:server:dialback' from='a.example' to='b.example'>%"
          "</db:result>", "{jabber:server:dialback}result"),
    Plant("<db:verify xmlns:db='jabber:server:dialback' id='1'>%</db:verify>",
          "{jabber:server:dialback}verify"),
    *(
        Plant(_iq("<slot xmlns='urn:xmpp:http:upload:0'>"
                  f"<{name} url='https://up.example/%/me.jpg'/></slot>"),
              f"{{urn:xmpp:http:upload:0}}{name}/@url")
        for name in ("put", "get")
    ),
    Plant(_iq("<confirm xmlns='http://jabber.org/protocol/http-auth' method='GET' url='u' "
              "id='%'/>"), "{http://jabber.org/protocol/http-auth}confirm/@id"),
    Plant(_iq("<confirm xmlns='http://jabber.org/protocol/http-auth' method='GET' id='1' "
              "url='https://files.example/%'/>"),
          "{http://jabber.org/protocol/http-auth}confirm/@url"),
    Plant(_message("<thread>t</thread><body>The id is %.</body>"
                   "<confirm xmlns='http://jabber.org/protocol/http-auth' id='%' url='u'/>"),
          "{http://jabber.org/protocol/http-auth}confirm/@id"),
    Plant(_iq("<services xmlns='urn:xmpp:extdisco:2'><service username='%'/></services>"),
          "{urn:xmpp:extdisco:2}service/@username"),
    Plant(_iq("<enable xmlns='urn:xmpp:push:0' jid='push.example' node='%'/>"),
          "{urn:xmpp:push:0}enable/@node"),
    Plant(_iq(f"<transport {_ICE} pwd='%' ufrag='8hhy'/>"),
          "{urn:xmpp:jingle:transports:ice-udp:1}transport/@pwd"),
    Plant(_iq(f"<transport {_ICE} ufrag='%'/>"),
          "{urn:xmpp:jingle:transports:ice-udp:1}transport/@ufrag"),
    Plant(_iq("<crypto xmlns='urn:xmpp:jingle:apps:rtp:1' key-params='inline:%|2^20|1:32'/>"),
          "{urn:xmpp:jingle:apps:rtp:1}crypto/@key-params"),
    Plant(_iq("<query xmlns='http://jabber.org/protocol/bytestreams' sid='%'/>"),
          "{http://jabber.org/protocol/bytestreams}query/@sid"),
    Plant(_iq("<transport xmlns='urn:xmpp:jingle:transports:s5b:1' dstaddr='%'/>"),
          "{urn:xmpp:jingle:transports:s5b:1}transport/@dstaddr"),
    Plant(_iq("<secretkey xmlns='urn:xmpp:openpgp:0'>%</secretkey>"),
          "{urn:xmpp:openpgp:0}secretkey"),
    Plant(_iq("<shared-secret xmlns='urn:xmpp:openpgp:pubsub:0'>%</shared-secret>"),
          "{urn:xmpp:openpgp:pubsub:0}shared-secret"),
    Plant(_message("<encrypted xmlns='urn:xmpp:esfs:0'><key>%</key></encrypted>"),
          "{urn:xmpp:esfs:0}key"),
    Plant(_message("<encrypted xmlns='urn:xmpp:esfs:0'><iv>%</iv></encrypted>"),
          "{urn:xmpp:esfs:0}iv"),
    Plant(_message("<body>aesgcm://up.example/me.jpg#%</body>"), "{jabber:client}body"),
    Plant(_message("<x xmlns='jabber:x:oob'><url>aesgcm://up.example/me.jpg#%</url></x>"),
          "{jabber:x:oob}url"),
    Plant(_message("<encrypted xmlns='eu.siacs.conversations.axolotl'><header><key rid='1'>%</key>"
                   "</header></encrypted>"), "{eu.siacs.conversations.axolotl}key"),
    Plant(_message("<encrypted xmlns='urn:xmpp:omemo:2'><header><keys><key rid='1'>%</key></keys>"
                   "</header></encrypted>"), "{urn:xmpp:omemo:2}key"),
    Plant(_iq("<query xmlns='jabber:iq:private'><notes xmlns='urn:example:own'><note>%</note>"
              "</notes></query>"), "{jabber:iq:private}query"),
    Plant(_iq("<query xmlns='jabber:iq:private'><notes xmlns='urn:example:own' note='%'/></query>"),
          "{urn:example:own}notes/@note"),
    Plant(_iq("<vCard xmlns='vcard-temp'><N><FAMILY>%</FAMILY></N></vCard>"),
          "{vcard-temp}FAMILY"),
    *(
        Plant(f"<body xmlns='http://jabber.org/protocol/httpbind' {name}='%'/>",
              f"{{http://jabber.org/protocol/httpbind}}body/@{name}")
        for name in ("sid", "rid", "key", "newkey", "authid")
    ),
    *(
        Plant(_message(f"<x xmlns='urn:example:own'><{name}>%</{name}></x>"),
              f"{{urn:example:own}}{name}")
        for name in ("passphrase", "pass", "api_key", "apikey", "ApiKey")
    ),
    *(
        Plant(_message(f"<x xmlns='urn:example:own' {name}='%'/>"), f"{{urn:example:own}}x/@{name}")
        for name in ("passphrase", "pass", "api_key", "apikey")
    ),
    Plant(_message("<body>%</body>"), "{jabber:client}body"),
    Plant(_message("<subject>%</subject>"), "{jabber:client}subject"),
    Plant("<presence><status>%</status></presence>", "{jabber:client}status"),
)  # fmt: skip
"""What is masked besides in a copy that is shared."""


def planted(plant: Plant, secret: str | None = None) -> str:
    """The frame, with its secret."""
    return plant.xml.replace("%", plant.secret if secret is None else secret).replace("\1", "%")


def leaks(events: Iterable[Event], secret: str) -> list[str]:
    """The forms in which a secret, or a good part of it, stands in the lines of `events`."""
    lines = b"".join(encode(event) for event in events).decode()
    texts = {"as it is": lines, **dict(_decoded(lines))}
    return [f"{form}: {found}" for form, text in texts.items() for found in _found(secret, text)]


def _decoded(text: str) -> Iterator[tuple[str, str]]:
    yield "unescaped", html.unescape(text)
    yield "without its percent signs", unquote(text)
    for run in re.findall(r"[A-Za-z0-9+/=]{8,}", text):
        try:
            yield f"in {run}", base64.b64decode(run).decode(errors="replace")
        except binascii.Error:
            continue


def _found(secret: str, text: str) -> list[str]:
    forms = {secret, quote(secret, safe=""), html.escape(secret), secret[:8], secret[-8:]}
    return [form for form in forms if form in text]
