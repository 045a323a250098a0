"""Who may answer a request: how the addresses of a request and its answer go together."""

from xmppspy.analysis.identity import Identity
from xmppspy.protocol.jid import JID, flaw


def may_answer(asked: str | None, answering: str | None, me: Identity) -> bool:
    """Whether an answer on a client's stream names the peer that the request named.

    `asked` is the peer's address in the request, `answering` in the answer: `to` and `from` of
    what the client asked, `from` and `to` of what it was asked; `me` is the client.

    Without an address the request is between the client and its account: then there is none in
    the answer, or the bare JID; older servers say the full JID or their domain (RFC 6120 §8.1.2.1,
    §10.3.3). The server may leave its own domain out. While the client's JID is not known, what
    could be such an answer counts as one.
    """
    if asked == answering:
        return True
    if asked is None or (me.bare is not None and same(asked, me.bare)):
        return answering is None or me.bare is None or _is_own(answering, me)
    if answering is None:
        return me.bare is None or _is_server(asked, me) or flaw(asked) is not None
    if same(asked, answering):
        return True
    if flaw(asked) is not None:
        # Nobody but the server answers for what is no address.
        return me.bare is None or _is_own(answering, me)
    return me.bare is None and JID.read(answering).covers(JID.read(asked))


def _is_own(address: str, me: Identity) -> bool:
    return any(each is not None and same(address, each) for each in (me.bare, me.full, me.domain))


def _is_server(address: str, me: Identity) -> bool:
    return me.domain is not None and same(address, me.domain)


def mirrors(asked: tuple[str | None, str | None], answering: tuple[str | None, str | None]) -> bool:
    """Whether the addresses of an answer are those of the request turned round.

    Both are (from, to), on streams where many senders share a connection and each stanza names
    both: of components and between servers (XEP-0114, RFC 6120 §8.1). What is missing fits.
    """
    pairs = zip(asked, reversed(answering), strict=True)
    return all(one is None or other is None or same(one, other) for one, other in pairs)


def same(one: str, other: str) -> bool:
    """Whether two texts are the same address (RFC 7622)."""
    return one == other or JID.read(one) == JID.read(other)
