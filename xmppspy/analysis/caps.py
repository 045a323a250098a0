"""Entity capabilities (XEP-0115): whether what an entity tells of itself fits the hash it sends."""

from base64 import b64encode
from typing import Final

from xmppspy.protocol.readable import Element

_INFO: Final = "{http://jabber.org/protocol/disco#info}"
_FORMS: Final = "{jabber:x:data}"
_XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_ALGORITHMS: Final = {"md5": "md5", "sha-1": "sha1", "sha-256": "sha256", "sha-512": "sha512"}
_SHA1_LENGTH: Final = 28
"""Characters of a SHA-1 hash in base64."""
_MOST: Final = 2000
"""Features and fields that are hashed at most."""


def verification(query: Element, algorithm: str = "sha-1") -> str | None:
    """The hash of the content of a disco#info result (XEP-0115 §5.1), in base64.

    None for an algorithm that is not known, or a result that is absurdly large.
    """
    name = _ALGORITHMS.get(algorithm)
    if name is None or len(query) > _MOST:
        return None
    import hashlib  # noqa: PLC0415 - seldom, and it brings OpenSSL

    digest = hashlib.new(name, _generated(query).encode(errors="replace"), usedforsecurity=False)
    return b64encode(digest.digest()).decode()


def verified(query: Element) -> bool | None:
    """Whether a disco#info result fits the SHA-1 hash in its node; None when there is none."""
    version = (query.get("node") or "").rpartition("#")[2]
    if len(version) != _SHA1_LENGTH or not version.endswith("="):
        return None
    return verification(query) == version


def _generated(query: Element) -> str:
    identities = sorted(
        "/".join((each.get("category") or "", each.get("type") or "", lang, each.get("name") or ""))
        for each in query.iterchildren(f"{_INFO}identity")
        for lang in (each.get(_XML_LANG) or "",)
    )
    features = sorted(each.get("var") or "" for each in query.iterchildren(f"{_INFO}feature"))
    forms = sorted(filter(None, map(_form, query.iterchildren(f"{_FORMS}x"))))
    return "".join(f"{piece}<" for piece in (*identities, *features, *forms))


def _form(form: Element) -> str:
    """A form in the generated text; empty for one without a proper FORM_TYPE, which is ignored."""
    fields = {
        field.get("var") or "": sorted(each.text or "" for each in field.iterchildren("{*}value"))
        for field in form.iterchildren(f"{_FORMS}field")
    }
    types = fields.pop("FORM_TYPE", [])
    if len(types) != 1:
        return ""
    pieces = [types[0]]
    for name in sorted(fields):
        pieces += [name, *fields[name]]
    return "<".join(pieces)
