"""What is secret or private, as data: where it stands, when it is masked, and what stands then.

`docs/secrets.md` is made from these tables. Where two rules fit, the first one decides.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class When(StrEnum):
    """When something is masked."""

    RECORDED = "recorded"
    """Always, unless `--keep-secrets`: it lets someone log in, or guess a password."""
    SHARED = "shared"
    """In the copy that `xmppspy share` makes."""


class How(StrEnum):
    """What a masked value becomes. `docs/secrets.md` shows these texts."""

    STARS = "`*`"
    PSEUDONYM = "a pseudonym"
    """Long random values: the same one in a capture has the same pseudonym."""
    SASL = "decoded, `*` for the secret bytes, encoded"
    HEADER = "`*` behind the scheme"
    URL = "`*` behind the host"
    BASE64 = "base64 of `*`"
    TEXT = "as many `*` as characters"
    ALL = "`*` for texts and attributes"
    NAME = "a name such as `nick1`"
    JID = "a JID such as `user1@domain1.example/res1`"
    LOCAL = "a name such as `user1`"
    RESOURCE = "a name such as `res1`"
    HOST = "a name such as `domain1.example`"
    KEEP = "as it is"


NAMED: Final = frozenset({How.NAME, How.JID, How.LOCAL, How.RESOURCE, How.HOST})
"""What is not masked but named anew."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One place, and what is done there.

    `where` is `{namespace}name`, the text of an element and of all that is inside it, or
    `{namespace}name/@attribute`. Either name may be `*`; a namespace may end with `*`, or be it.
    Case is nothing to the names.
    `only` narrows it to elements of which an attribute (the first text) matches a regular
    expression (the second one), case aside. With `unless_boolean`, a value that says yes or no is
    kept.
    """

    where: str
    what: str
    how: How = How.STARS
    when: When = When.RECORDED
    only: tuple[str, str] | None = None
    unless_boolean: bool = False


@dataclass(frozen=True, slots=True)
class FieldRule:
    """The values of those fields of data forms (XEP-0004) of which `attribute` matches `pattern`.

    Case is nothing to the pattern.
    """

    attribute: str
    pattern: str
    what: str
    how: How = How.STARS
    when: When = When.RECORDED
    unless_boolean: bool = False


_SASL: Final = "{urn:ietf:params:xml:ns:xmpp-sasl}"
_MUC: Final = "http://jabber.org/protocol/muc"
_LOGIN_HEADERS: Final = r"^(proxy-)?authorization$|cookie|token|api-?key"

RECORDED: Final = (
    # SASL. In a wrong namespace, `Document` reads these names in any.
    Rule(f"{_SASL}auth", "login, SASL (RFC 6120)", How.SASL),
    Rule(f"{_SASL}response", "login, SASL (RFC 6120)", How.SASL),
    Rule(f"{_SASL}challenge", "SCRAM's `v`, DIGEST-MD5's `rspauth`", How.SASL),
    Rule(f"{_SASL}success", "SCRAM's `v`, DIGEST-MD5's `rspauth`", How.SASL),
    Rule("{urn:xmpp:sasl:*}initial-response", "login, SASL2 (XEP-0388)", How.SASL),
    Rule("{urn:xmpp:sasl:*}response", "login, SASL2 (XEP-0388)", How.SASL),
    Rule("{urn:xmpp:sasl:*}challenge", "SCRAM's `v`, DIGEST-MD5's `rspauth`", How.SASL),
    Rule("{urn:xmpp:sasl:*}additional-data", "SCRAM's `v`, an HT proof", How.SASL),
    Rule("{urn:xmpp:scram-upgrade:*}salt", "an upgrade's salt (XEP-0480)", How.KEEP),
    Rule("{urn:xmpp:scram-upgrade:*}hash", "salted password (XEP-0480)"),
    Rule("{urn:xmpp:sasl:*}task-data", "one-time passwords and upgrades (XEP-0388)"),
    Rule("{urn:xmpp:sasl:*}next", "one-time passwords and upgrades (XEP-0388)"),
    Rule("{urn:xmpp:fast:*}token/@token", "FAST token (XEP-0484)", How.PSEUDONYM),
    Rule("{https://xmpp.org/extensions/isr/*}*/@token", "ISR token (XEP-0397)", How.PSEUDONYM),
    # Logins and accounts without SASL.
    Rule("{jabber:iq:auth}password", "password (XEP-0078)"),
    Rule("{jabber:iq:auth}digest", "hash of the password (XEP-0078)"),
    Rule("{jabber:iq:auth}hash", "hash of the password (XEP-0078)"),
    Rule("{jabber:iq:auth}token", "zero-knowledge login (XEP-0078)"),
    Rule("{jabber:iq:auth}sequence", "zero-knowledge login (XEP-0078)"),
    Rule("{jabber:iq:register}password", "password (XEP-0077)"),
    Rule("{jabber:iq:register}old_password", "password (XEP-0077)"),
    Rule("{jabber:component:accept}handshake", "hash of the component's secret (XEP-0114)"),
    Rule("{jabber:component:connect}handshake", "hash of the component's secret (XEP-0114)"),
    Rule("{*}handshake", "hash of a secret, in a wrong namespace"),
    Rule("{urn:xmpp:client-key:*}*", "key to the stored password (XEP-0399)"),
    Rule("{urn:xmpp:xid:*}private-key", "private key of an identity (XEP-0516)"),
    Rule("{urn:xmpp:pie:*}stored-key", "SCRAM keys in an export (XEP-0227)"),
    Rule("{urn:xmpp:pie:*}server-key", "SCRAM keys in an export (XEP-0227)"),
    # Tokens.
    Rule("{urn:xmpp:pars:*}preauth/@token", "invitation (XEP-0379, XEP-0445)", How.PSEUDONYM),
    Rule("{urn:xmpp:muc-token-invite:*}token", "invitation (XEP-0488)", How.PSEUDONYM),
    Rule("{urn:xmpp:mix:misc:*}token", "invitation (XEP-0407)", How.PSEUDONYM),
    Rule("{urn:xmpp:iot:provisioning}*/@token", "token (XEP-0324)", How.PSEUDONYM),
    Rule("{urn:xmpp:oauth:*}*", "OAuth (XEP-0235)"),
    Rule("{urn:xmpp:tmp:cookies}*", "cookies (XEP-0464)"),
    Rule(
        "{urn:xmpp:http:upload*}header",
        "upload header (XEP-0363)",
        How.HEADER,
        only=("name", r"^(?!expires$)"),
    ),
    Rule(
        "{*}header",
        "HTTP header (XEP-0131, XEP-0332)",
        How.HEADER,
        only=("name", _LOGIN_HEADERS),
    ),
    # Passwords of services.
    Rule("{urn:xmpp:extdisco:*}service/@password", "TURN password (XEP-0215)"),
    Rule(
        "{http://jabber.org/protocol/jinglenodes#turncredentials}turn/@password",
        "TURN password (XEP-0278)",
    ),
    Rule(f"{{{_MUC}}}password", "room password (XEP-0045)"),
    Rule(f"{{{_MUC}#user}}password", "room password (XEP-0045)"),
    Rule("{jabber:x:conference}x/@password", "room password (XEP-0249)"),
    Rule("{storage:bookmarks}password", "room password (XEP-0048)"),
    Rule("{urn:xmpp:bookmarks:*}password", "room password (XEP-0402)"),
    # What other software may call a secret.
    Rule("{*}password", "password, in any other namespace"),
    Rule("{*}passwd", "password, in any other namespace"),
    Rule("{*}new_password", "password, in any other namespace"),
    Rule("{*}old_password", "password, in any other namespace"),
    Rule("{*}secret", "secret, in any other namespace"),
    Rule("{*}token", "token, in any other namespace", How.PSEUDONYM),
    Rule("{*}access_token", "token, in any other namespace", How.PSEUDONYM),
    Rule("{*}refresh_token", "token, in any other namespace", How.PSEUDONYM),
    Rule("{*}*/@password", "password, in any other namespace"),
    Rule("{*}*/@passwd", "password, in any other namespace"),
    Rule("{*}*/@secret", "secret, in any other namespace"),
    Rule("{*}*/@token", "token, in any other namespace", How.PSEUDONYM),
    Rule("{*}*/@userToken", "token (XEP-0324)", How.PSEUDONYM),
    Rule("{*}*/@serviceToken", "token (XEP-0324)", How.PSEUDONYM),
    Rule("{*}*/@deviceToken", "token (XEP-0324)", How.PSEUDONYM),
    Rule("{*}*/@access_token", "token, in any other namespace", How.PSEUDONYM),
)  # fmt: skip
"""Masked when recorded."""

_SHARED = When.SHARED


def _shared(where: str, what: str, how: How, only: tuple[str, str] | None = None) -> Rule:
    return Rule(where, what, how, _SHARED, only)


_BOOKMARK_NAMES: Final = "name of a bookmark (XEP-0048, XEP-0402)"
_FILES: Final = "name or description of a file"
_GUESSED: Final = "secret, by its name"
_SESSIONS: Final = "session of BOSH (XEP-0124)"
_REASONS: Final = "a person's reason (XEP-0045)"
_BODY: Final = "{http://jabber.org/protocol/httpbind}body"

SHARED: Final = (
    # Sessions.
    _shared("{urn:xmpp:sm:*}enabled/@id", "handle of the session (XEP-0198)", How.PSEUDONYM),
    _shared("{urn:xmpp:sm:*}resume/@previd", "handle of the session (XEP-0198)", How.PSEUDONYM),
    _shared("{urn:xmpp:sm:*}resumed/@previd", "handle of the session (XEP-0198)", How.PSEUDONYM),
    _shared("{urn:xmpp:sm:*}failed/@previd", "handle of the session (XEP-0198)", How.PSEUDONYM),
    _shared(f"{_BODY}/@sid", _SESSIONS, How.PSEUDONYM),
    _shared(f"{_BODY}/@rid", _SESSIONS, How.PSEUDONYM),
    _shared(f"{_BODY}/@key", _SESSIONS, How.PSEUDONYM),
    _shared(f"{_BODY}/@newkey", _SESSIONS, How.PSEUDONYM),
    _shared(f"{_BODY}/@authid", _SESSIONS, How.PSEUDONYM),
    _shared("{urn:xmpp:sasl:*}user-agent/@id", "the client's identity (XEP-0388)", How.PSEUDONYM),
    _shared("{urn:xmpp:sasl:*}device", "name of the device (XEP-0388)", How.TEXT),
    _shared("{jabber:server:dialback}result", "dialback key (XEP-0220)", How.PSEUDONYM),
    _shared("{jabber:server:dialback}verify", "dialback key (XEP-0220)", How.PSEUDONYM),
    # Capabilities.
    _shared("{urn:xmpp:http:upload*}put/@url", "upload slot (XEP-0363)", How.URL),
    _shared("{urn:xmpp:http:upload*}get/@url", "upload slot (XEP-0363)", How.URL),
    _shared("{urn:xmpp:http:upload*}put", "upload slot, old form (XEP-0363)", How.URL),
    _shared("{urn:xmpp:http:upload*}get", "upload slot, old form (XEP-0363)", How.URL),
    _shared("{urn:xmpp:http:upload*}request/@filename", _FILES, How.TEXT),
    _shared("{urn:xmpp:http:upload*}filename", _FILES, How.TEXT),
    _shared("{http://jabber.org/protocol/http-auth}confirm/@id", "HTTP request (XEP-0070)",
            How.PSEUDONYM),
    _shared("{http://jabber.org/protocol/http-auth}confirm/@url", "HTTP request (XEP-0070)",
            How.URL),
    _shared("{urn:xmpp:extdisco:*}service/@username", "TURN user (XEP-0215)", How.PSEUDONYM),
    _shared("{http://jabber.org/protocol/jinglenodes#turncredentials}turn/@username",
            "TURN user (XEP-0278)", How.PSEUDONYM),
    _shared("{urn:xmpp:push:*}enable/@node", "device at the push service (XEP-0357)", How.PSEUDONYM),
    _shared("{urn:xmpp:push:*}disable/@node", "device at the push service (XEP-0357)", How.PSEUDONYM),
    _shared("{http://jabber.org/protocol/bytestreams}query/@sid", "bytestream (XEP-0065)",
            How.PSEUDONYM),
    _shared("{http://jabber.org/protocol/bytestreams}query/@dstaddr", "bytestream (XEP-0065)",
            How.PSEUDONYM),
    _shared("{urn:xmpp:jingle:transports:s5b:*}transport/@sid", "bytestream (XEP-0260)",
            How.PSEUDONYM),
    _shared("{urn:xmpp:jingle:transports:s5b:*}transport/@dstaddr", "bytestream (XEP-0260)",
            How.PSEUDONYM),
    # What other software may call a secret.
    _shared("{*}passphrase", _GUESSED, How.STARS),
    _shared("{*}pass", _GUESSED, How.STARS),
    _shared("{*}api_key", _GUESSED, How.STARS),
    _shared("{*}apikey", _GUESSED, How.STARS),
    _shared("{*}*/@passphrase", _GUESSED, How.STARS),
    _shared("{*}*/@pass", _GUESSED, How.STARS),
    _shared("{*}*/@api_key", _GUESSED, How.STARS),
    _shared("{*}*/@apikey", _GUESSED, How.STARS),
    _shared("{*}*/@refresh_token", _GUESSED, How.STARS),
    # Keys.
    _shared("{*}transport/@pwd", "media session (XEP-0176, XEP-0371)", How.PSEUDONYM),
    _shared("{*}transport/@ufrag", "media session (XEP-0176, XEP-0371)", How.PSEUDONYM),
    _shared("{*}candidate/@pwd", "media session (XEP-0176)", How.PSEUDONYM),
    _shared("{*}candidate/@ufrag", "media session (XEP-0176)", How.PSEUDONYM),
    _shared("{*}crypto/@key-params", "media key (XEP-0167)", How.STARS),
    _shared("{urn:xmpp:openpgp:*}secretkey", "private key (XEP-0373)", How.BASE64),
    _shared("{urn:xmpp:openpgp:*}shared-secret", "key of a node (XEP-0473)", How.BASE64),
    _shared("{urn:xmpp:openpgp:*}openpgp", "encrypted message (XEP-0373)", How.BASE64),
    _shared("{urn:xmpp:openpgp:*}pubkey", "public key, with its owner's name (XEP-0373)",
            How.BASE64),
    _shared("{urn:xmpp:openpgp:*}pubkey-metadata/@v4-fingerprint", "key of a person (XEP-0373)",
            How.PSEUDONYM),
    _shared("{urn:xmpp:esfs:*}key", "key of a file (XEP-0448)", How.BASE64),
    _shared("{urn:xmpp:esfs:*}iv", "key of a file (XEP-0448)", How.BASE64),
    _shared("{urn:xmpp:omemo:*}key", "encrypted key (XEP-0384)", How.BASE64),
    _shared("{urn:xmpp:omemo:*}payload", "encrypted message (XEP-0384)", How.BASE64),
    _shared("{eu.siacs.conversations.axolotl}key", "encrypted key (XEP-0384)", How.BASE64),
    _shared("{eu.siacs.conversations.axolotl}iv", "encrypted key (XEP-0384)", How.BASE64),
    _shared("{eu.siacs.conversations.axolotl}payload", "encrypted message (XEP-0384)",
            How.BASE64),
    _shared("{jabber:x:encrypted}*", "encrypted message (XEP-0027)", How.BASE64),
    _shared("{jabber:x:signed}*", "signature (XEP-0027)", How.BASE64),
    # What people say and are. `xmppspy share --bodies` keeps what comes from `MESSAGES`.
    _shared(_BODY, "an envelope (XEP-0124)", How.KEEP, ("xmlns", "httpbind$")),
    _shared("{jabber:iq:private}*", "what a client stores (XEP-0049)", How.ALL),
    _shared("{vcard-temp}*", "vCard (XEP-0054)", How.ALL),
    _shared("{urn:ietf:params:xml:ns:vcard-4.0}*", "vCard (XEP-0292)", How.ALL),
    _shared("{urn:xmpp:pie:*}*", "account export (XEP-0227)", How.ALL),
    _shared("{*}status", "status of a presence (RFC 6121)", How.TEXT),
    _shared("{jabber:iq:last}query", "last status (XEP-0012)", How.TEXT),
    _shared("{http://jabber.org/protocol/muc#user}reason", _REASONS, How.TEXT),
    _shared("{http://jabber.org/protocol/muc#admin}reason", _REASONS, How.TEXT),
    _shared("{http://jabber.org/protocol/muc#owner}reason", _REASONS, How.TEXT),
    _shared("{jabber:x:conference}x/@reason", _REASONS, How.TEXT),
    _shared("{http://jabber.org/protocol/mood}*", "mood (XEP-0107)", How.TEXT),
    _shared("{http://jabber.org/protocol/activity}*", "activity (XEP-0108)", How.TEXT),
    _shared("{http://jabber.org/protocol/tune}*", "tune (XEP-0118)", How.TEXT),
    _shared("{http://jabber.org/protocol/geoloc}*", "place (XEP-0080)", How.TEXT),
    _shared("{http://www.w3.org/2005/Atom}title", "microblog (XEP-0277)", How.TEXT),
    _shared("{http://www.w3.org/2005/Atom}summary", "microblog (XEP-0277)", How.TEXT),
    _shared("{http://www.w3.org/2005/Atom}content", "microblog (XEP-0277)", How.TEXT),
    _shared("{http://www.w3.org/2005/Atom}author", "microblog (XEP-0277)", How.TEXT),
    _shared("{jabber:iq:register}registered", "an empty element (XEP-0077)", How.KEEP),
    _shared("{jabber:iq:register}instructions", "for the user (XEP-0077)", How.KEEP),
    _shared("{jabber:iq:register}username", "account (XEP-0077)", How.LOCAL),
    _shared("{jabber:iq:register}name", "personal data (XEP-0077)", How.TEXT),
    _shared("{jabber:iq:register}first", "personal data (XEP-0077)", How.TEXT),
    _shared("{jabber:iq:register}last", "personal data (XEP-0077)", How.TEXT),
    _shared("{jabber:iq:register}email", "personal data (XEP-0077)", How.TEXT),
    _shared("{jabber:iq:register}address", "personal data (XEP-0077)", How.TEXT),
    _shared("{jabber:iq:register}city", "personal data (XEP-0077)", How.TEXT),
    _shared("{jabber:iq:register}state", "personal data (XEP-0077)", How.TEXT),
    _shared("{jabber:iq:register}zip", "personal data (XEP-0077)", How.TEXT),
    _shared("{jabber:iq:register}phone", "personal data (XEP-0077)", How.TEXT),
    _shared("{jabber:iq:register}url", "personal data (XEP-0077)", How.TEXT),
    _shared("{jabber:iq:register}date", "personal data (XEP-0077)", How.TEXT),
    _shared("{jabber:iq:register}misc", "personal data (XEP-0077)", How.TEXT),
    _shared("{jabber:iq:register}key", "key of a registration (XEP-0077)", How.PSEUDONYM),
    _shared("{jabber:iq:search}instructions", "for the user (XEP-0055)", How.KEEP),
    _shared("{jabber:iq:search}first", "personal data (XEP-0055)", How.TEXT),
    _shared("{jabber:iq:search}last", "personal data (XEP-0055)", How.TEXT),
    _shared("{jabber:iq:search}email", "personal data (XEP-0055)", How.TEXT),
    _shared("{jabber:iq:roster}item/@name", "name of a contact (RFC 6121)", How.NAME),
    _shared("{jabber:iq:roster}group", "group of contacts (RFC 6121)", How.NAME),
    _shared("{http://jabber.org/protocol/disco#items}item/@name", "name of a room or node (XEP-0030)",
            How.NAME),
    _shared("{http://jabber.org/protocol/disco#info}identity/@name", "name of a room (XEP-0030)",
            How.NAME, ("category", "^(conference|account|collaboration)$")),
    _shared("{storage:bookmarks}conference/@name", _BOOKMARK_NAMES, How.NAME),
    _shared("{urn:xmpp:bookmarks:*}conference/@name", _BOOKMARK_NAMES, How.NAME),
    _shared("{*}nick", "nickname", How.NAME),
    _shared("{*}*/@nick", "nickname", How.NAME),
    _shared("{*}thread", "thread of a conversation (RFC 6121)", How.NAME),
    _shared("{*}thread/@parent", "thread of a conversation (RFC 6121)", How.NAME),
    # Content.
    _shared("{urn:xmpp:avatar:data}data", "avatar (XEP-0084)", How.BASE64),
    _shared("{http://jabber.org/protocol/ibb}data", "piece of a file (XEP-0047)", How.BASE64),
    _shared("{urn:xmpp:bob}data", "piece of content (XEP-0231)", How.BASE64),
    _shared("{jabber:x:oob}url", "link (XEP-0066)", How.URL),
    _shared("{jabber:iq:oob}url", "link (XEP-0066)", How.URL),
    _shared("{http://jabber.org/protocol/url-data}url-data/@target", "link (XEP-0103)", How.URL),
    _shared("{urn:xmpp:thumbs:*}thumbnail/@uri", "link (XEP-0264)", How.URL),
    _shared("{urn:xmpp:file:metadata:*}name", _FILES, How.TEXT),
    _shared("{urn:xmpp:jingle:apps:file-transfer:*}name", _FILES, How.TEXT),
    _shared("{urn:xmpp:jingle:apps:file-transfer:*}desc", _FILES, How.TEXT),
    _shared("{http://jabber.org/protocol/si/profile/file-transfer}file/@name", _FILES, How.TEXT),
    _shared("{http://jabber.org/protocol/si/profile/file-transfer}desc", _FILES, How.TEXT),
    # Names of accounts and hosts.
    _shared("{*}*/@from", "address", How.JID),
    _shared("{*}*/@to", "address", How.JID),
    _shared("{*}*/@jid", "address", How.JID),
    _shared("{*}*/@by", "address", How.JID),
    _shared("{*}*/@initiator", "address", How.JID),
    _shared("{*}*/@responder", "address", How.JID),
    _shared("{*}jid", "address", How.JID),
    _shared("{*}authorization-identifier", "address (XEP-0388)", How.JID),
    _shared("{*}authorization-identity", "address, misspelt (XEP-0388)", How.JID),
    _shared("{*}with", "address (XEP-0136)", How.JID),
    _shared("{http://jabber.org/protocol/bytestreams}activate", "address (XEP-0065)", How.JID),
    _shared("{*}username", "account", How.LOCAL),
    _shared("{jabber:iq:auth}resource", "resource (XEP-0078)", How.RESOURCE),
    _shared("{urn:ietf:params:xml:ns:xmpp-bind}resource", "resource (RFC 6120)", How.RESOURCE),
    _shared("{*}*/@host", "host", How.HOST),
    _shared("{*}*/@ip", "address on the Internet", How.HOST),
    _shared("{*}*/@rel-addr", "address on the Internet", How.HOST),
    _shared("{urn:xmpp:sm:*}enabled/@location", "host (XEP-0198)", How.HOST),
    _shared("{*}see-other-host", "host (RFC 6120)", How.HOST),
    _shared("{*}hostname", "host", How.HOST),
    _shared("{*}ip", "address on the Internet (XEP-0279)", How.HOST),
)  # fmt: skip
"""Masked besides in a copy that is shared, bodies aside."""

MESSAGES: Final = (
    _shared("{*}body", "message (RFC 6121)", How.TEXT),
    _shared("{*}subject", "subject (RFC 6121)", How.TEXT),
    _shared("{http://jabber.org/protocol/xhtml-im}html", "message (XEP-0071)", How.TEXT),
    _shared("{urn:xmpp:spoiler:*}spoiler", "hint at a message (XEP-0382)", How.TEXT),
    _shared("{urn:xmpp:file:metadata:*}desc", "description of a file (XEP-0446)", How.TEXT),
    _shared("{jabber:x:oob}desc", "description of a link (XEP-0066)", How.TEXT),
)
"""Masked in a copy that is shared, unless `--bodies`."""

FIELDS: Final = (
    FieldRule("type", "^text-private$", "a hidden text (XEP-0004)"),
    FieldRule("var", "token", "token", How.PSEUDONYM, unless_boolean=True),
    FieldRule("var", "^landing-url$", "invitation (XEP-0401)", How.URL),
    FieldRule(
        "var", "^(password|password-verify|old_password|new_password|secret)$",
        "password (XEP-0077, XEP-0133), secret of a push service (XEP-0357)",
    ),
    FieldRule("var", "^oauth_", "OAuth (XEP-0235, XEP-0348)"),
    FieldRule(
        "var", "passw|pass$|passphrase|passcode|pwd|secret|totp",
        "password (`muc#roomconfig_roomsecret` and others)", unless_boolean=True,
    ),
    FieldRule("var", "^(username|accountname)$", "account", How.LOCAL, _SHARED),
    FieldRule("var", "jids?$", "address", How.JID, _SHARED),
    FieldRule("type", "^jid-", "address", How.JID, _SHARED),
    FieldRule("var", "^with$", "address (XEP-0313)", How.JID, _SHARED),
    FieldRule(
        "var", "^(.*[_#-])?((room|display|full|given|user|sur|nick|real|first|last|event)?name"
        "|desc|roomdesc|description|subject|title|nick|email|e-?mail|phone|first|last|address"
        "|street|city|zip|state|birth.*|note|comment|message|motd|announcement|body)$",
        "personal data", How.TEXT, _SHARED,
    ),
)  # fmt: skip
"""Values of data forms."""

FIELD_HINTS: Final = ("landing-url", "oauth_", "pass", "pwd", "secret", "text-private", "token",
                      "totp")  # fmt: skip
"""One of these stands in every form, in lower case, of which something is masked when recorded."""

HEADER_HINTS: Final = ("http:upload", "authorization", "cookie", "token", "apikey", "api-key")
"""One of these stands beside every `header` that is masked when recorded; OMEMO has others."""

QUERY_PASSWORDS: Final = ("password",)
"""Parameters of a URI whose values are passwords (XEP-0147)."""

QUERY_TOKENS: Final = ("preauth", "token", "access_token", "oauth_token", "invite")
"""Parameters of a URI whose values are tokens (XEP-0379, XEP-0401), in any text or attribute."""

HTTP_HEADERS: Final = ("authorization", "proxy-authorization", "cookie", "set-cookie")
"""What is masked of HTTP that runs where XMPP was expected."""
