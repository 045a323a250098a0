"""Encrypted content, recognised but never opened: OMEMO, OpenPGP, OTR and others."""

from typing import Final

from xmppspy.analysis.summary import tree
from xmppspy.analysis.summary.setting import Setting
from xmppspy.analysis.summary.table import Entry, Role, Table, flag
from xmppspy.analysis.words import counted, decoded_size, joined, listed, size, word
from xmppspy.protocol.readable import Element

_NAMES: Final = {
    "eu.siacs.conversations.axolotl": "OMEMO (0.3)",
    "urn:xmpp:omemo:0": "OMEMO",
    "urn:xmpp:omemo:1": "OMEMO",
    "urn:xmpp:omemo:2": "OMEMO",
    "urn:xmpp:openpgp:0": "OpenPGP",
    "jabber:x:encrypted": "legacy OpenPGP",
    "urn:xmpp:otr:0": "OTR",
}
OTR_PREFIX: Final = "?OTR"
"""How bodies of Off-the-Record messages begin (XEP-0364)."""


def _omemo(element: Element, _setting: Setting) -> str:
    """Both kinds of OMEMO: `keys` of `key`s in the newer one, `key`s in the header in the older."""
    header = tree.child(element, "header")
    keys = [] if header is None else list(header.iter("{*}key"))
    payload = tree.child(element, "payload")
    kind = "OMEMO key exchange" if payload is None else "OMEMO message"
    content = "" if payload is None else size(decoded_size(tree.text(payload)))
    details = listed(filter(None, [counted(len(keys), "device"), content]))
    sender = "" if header is None else word(header.get("sid"))
    return joined([f"{kind} ({details})", f"from device {sender}" if sender else ""])


def _sized(element: Element, _setting: Setting) -> str:
    return f"({size(decoded_size(tree.text(element)))})"


def _method(element: Element, _setting: Setting) -> str:
    """Explicit Message Encryption (XEP-0380)."""
    namespace = element.get("namespace") or ""
    name = element.get("name") or _NAMES.get(namespace) or namespace
    return f"encrypted: {word(name)}"


def _devices(element: Element, _setting: Setting) -> str:
    ids = [word(device.get("id")) for device in tree.children(element, "device")]
    return f"devices [{listed(ids, 6)}]"


def _bundle(element: Element, _setting: Setting) -> str:
    keys = sum(1 for each in element.iter("{*}pk", "{*}preKeyPublic"))
    return f"({counted(keys, 'prekey')})"


def _public_keys(element: Element, _setting: Setting) -> str:
    found = [
        word((each.get("v4-fingerprint") or "")[-16:])
        for each in tree.children(element, "pubkey-metadata")
    ]
    return f"[{listed(found)}]"


TABLE: Final[Table] = {
    "{eu.siacs.conversations.axolotl}encrypted": Entry("", _omemo, Role.INSTEAD),
    "{urn:xmpp:omemo}encrypted": Entry("", _omemo, Role.INSTEAD),
    "{eu.siacs.conversations.axolotl}list": Entry("OMEMO", _devices),
    "{urn:xmpp:omemo}devices": Entry("OMEMO", _devices),
    "{eu.siacs.conversations.axolotl}bundle": Entry("OMEMO bundle", _bundle),
    "{urn:xmpp:omemo}bundle": Entry("OMEMO bundle", _bundle),
    "{urn:xmpp:openpgp}openpgp": Entry("OpenPGP message", _sized, Role.INSTEAD),
    "{urn:xmpp:openpgp}public-keys-list": Entry("OpenPGP keys", _public_keys),
    "{urn:xmpp:openpgp}pubkey": Entry("OpenPGP public key", _sized),
    "{urn:xmpp:openpgp}secretkey": Entry("OpenPGP secret key, encrypted", _sized),
    "{jabber:x:encrypted}x": Entry("OpenPGP message, legacy", _sized, Role.INSTEAD),
    "{jabber:x:signed}x": flag("signed"),
    "{urn:xmpp:sce}envelope": Entry("SCE envelope", _sized),
    "{urn:xmpp:eme}encryption": flag(_method),
    "{urn:ietf:params:xml:ns:xmpp-e2e}e2e": Entry("S/MIME object", _sized, Role.INSTEAD),
    "{urn:ietf:params:xml:ns:xmpp-e2e:6}e2e": Entry(
        "end-to-end encrypted object", _sized, Role.INSTEAD
    ),
}
