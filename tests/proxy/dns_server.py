"""A small DNS server on loopback, real down to its UDP packets."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

Zone = Mapping[str, Sequence[str]]
"""`NAME TYPE` -> the records' data as a zone file has them: `example.org A` -> `192.0.2.1`."""

BROKEN = ["SERVFAIL"]
SILENT = ["SILENCE"]


class _Server(asyncio.DatagramProtocol):
    def __init__(self, zone: Zone, asked: list[str]) -> None:
        self._zone = zone
        self._asked = asked

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        query = dns.message.from_wire(data)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True)
        key = f"{name} {dns.rdatatype.to_text(question.rdtype)}"
        self._asked.append(key)
        records = self._zone.get(key, ())
        if records is SILENT:
            return
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        if records is BROKEN:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif records:
            rrset = dns.rrset.from_text_list(question.name, 60, "IN", question.rdtype, records)
            answer.answer.append(rrset)
        elif not self._knows(name):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        self._transport.sendto(answer.to_wire(), addr)

    def _knows(self, name: str) -> bool:
        names: Collection[str] = [key.partition(" ")[0] for key in self._zone]
        return name in names


@asynccontextmanager
async def serving(zone: Zone, asked: list[str] | None = None) -> AsyncIterator[tuple[str, int]]:
    """Serve a zone; gives the server's address. What it was asked is appended to `asked`."""
    loop = asyncio.get_running_loop()
    log = [] if asked is None else asked
    transport, _ = await loop.create_datagram_endpoint(
        lambda: _Server(zone, log), local_addr=("127.0.0.1", 0)
    )
    try:
        host, port = transport.get_extra_info("sockname")
        yield host, port
    finally:
        transport.close()
