"""Names: the addresses of one capture as those of another, when accounts or resources differ."""

import re
from collections.abc import Iterable
from typing import Final

from xmppspy.protocol import tokens as lex
from xmppspy.protocol.events import FrameRecord

_FULL: Final = re.compile(
    rb"[\"'>]([^\s\"'<>@/&]{1,1023}@[^\s\"'<>@/&]{1,1023})/([^\"'<>]{1,1023})[\"'<]"
)
_MUC: Final = b"http://jabber.org/protocol/muc"
_MAX: Final = 3 * 1024


class Names:
    """Gives for an address of the capture that is compared (`got`) the one expected in its place.

    Called with any text: what is no address, or one that nothing was learnt about, comes back as
    it is.
    """

    def __init__(self) -> None:
        self._resources: dict[str, dict[str, str]] = {}  # by bare JID as expected, got: expected
        self._bare: dict[str, str] = {}
        self._domains: dict[str, str] = {}
        self._rooms: set[str] = set()

    def learn(self, got: str, expected: str) -> None:
        """An account, with a resource or without, is called `expected` in the other capture."""
        bare, _, resource = got.partition("/")
        wanted, _, wanted_resource = expected.partition("/")
        if "@" in bare or bare.lower() != wanted.lower():
            # Also one that stays: its domain may stand for another one.
            self._bare[bare.lower()] = wanted
        domain, wanted_domain = bare.rpartition("@")[2], wanted.rpartition("@")[2]
        if domain.lower() != wanted_domain.lower():
            self._domains.setdefault(domain.lower(), wanted_domain)
        if resource and wanted_resource:
            self._resources.setdefault(wanted.lower(), {})[resource] = wanted_resource

    def meet(self, expected: Iterable[FrameRecord], got: Iterable[FrameRecord]) -> None:
        """Learn the resources that both sides mention, in the order in which they come up.

        A resource that both know stays what it is; of one account, the first other one in `got`
        is the first other one in `expected`, and so on. Nicknames in rooms have to be the same.
        """
        known, met = self._mentioned(expected), self._mentioned(got, translate=True)
        for bare, resources in met.items():
            if bare in self._rooms:
                continue
            table = self._resources.setdefault(bare, {})
            taken = {*table.values()}
            common = known.get(bare, {}).keys() & resources.keys()
            free = [each for each in known.get(bare, ()) if each not in taken | common]
            new = [each for each in resources if each not in table and each not in common]
            table.update(zip(new, free, strict=False))

    def __call__(self, text: str) -> str:
        """The text, or the address that is expected in its place."""
        if len(text) > _MAX or not text or text.isspace():
            return text
        bare, slash, resource = text.partition("/")
        wanted = self._account(bare)
        if slash and (table := self._resources.get(wanted.lower())):
            resource = table.get(resource, resource)
        return f"{wanted}{slash}{resource}"

    def _account(self, bare: str) -> str:
        if not self._bare and not self._domains:
            return bare
        known = self._bare.get(bare.lower())
        if known is not None:
            return known
        local, at, domain = bare.rpartition("@")
        return f"{local}{at}{self._domain(domain)}"

    def _domain(self, domain: str) -> str:
        upper = domain.lower()
        while upper:
            if (wanted := self._domains.get(upper)) is not None:
                return domain[: len(domain) - len(upper)] + wanted
            upper = upper.partition(".")[2]
        return domain

    def _mentioned(
        self, records: Iterable[FrameRecord], *, translate: bool = False
    ) -> dict[str, dict[str, None]]:
        """The resources of each account, in the order in which they come up."""
        found: dict[str, dict[str, None]] = {}
        for record in records:
            if record.type == "groupchat" or _MUC in record.data:
                self._note_rooms(record, translate=translate)
            for bare, resource in _FULL.findall(record.data):
                account = lex.character_data(bare)
                account = (self._account(account) if translate else account).lower()
                found.setdefault(account, {})[lex.attribute_value(resource)] = None
        return found

    def _note_rooms(self, record: FrameRecord, *, translate: bool) -> None:
        room = (record.to if record.dir == "c2s" else record.from_) or ""
        bare = room.partition("/")[0]
        self._rooms.add((self._account(bare) if translate else bare).lower())
