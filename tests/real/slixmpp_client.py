"""slixmpp as a client program: `slixmpp_client.py ROLE JSON` prints one line of JSON at its end.

It knows nothing of xmppspy. What passes below slixmpp's parser and above its TLS is kept in
FOLDER/USER.received and FOLDER/USER.sent, connection by connection. Roles:

befriend   romeo and juliet subscribe to each other, so that both rosters have an entry
converse   both log in and talk; what each of them saw is printed
listen     juliet prints `ready` and waits for the message that says `words`
answer     the same, and she answers it
log-in     romeo logs in and out again
endure     both say `lines` to each other; after half of them, it prints `half` and waits until
           romeo's stream, which is to be cut, has been resumed; the last thing they say is `words`;
           what both heard before is printed
"""

import asyncio
import json
import logging
import ssl
import sys
from asyncio import Queue, timeout
from collections import Counter
from pathlib import Path
from typing import Any

from slixmpp import ClientXMPP, Iq, Message, Presence
from slixmpp.xmlstream import StanzaBase

Settings = dict[str, Any]
"""The keys `host port tls ca domain password folder` and, where a role has use for them,
`speeches`, `words`, `mechanism`, `newest_tls` (`1.2`), `defaults` (true: try direct TLS first),
`lines` (how many), and `direct` (the port of the server itself)."""

_BETWEEN = 0.005
"""Seconds between two lines, so that the streams are at work when one of them is cut."""


class Player(ClientXMPP):
    """One account; it can be asked for what it saw and how many stanzas passed."""

    def __init__(self, user: str, settings: Settings) -> None:
        super().__init__(
            f"{user}@{settings['domain']}/slixmpp",
            settings["password"],
            sasl_mech=settings.get("mechanism"),
        )
        self.user = user
        self.settings = settings
        self.seen: Queue[Presence] = Queue()
        self.heard: Queue[Message] = Queue()
        self.outcome: Queue[str] = Queue()
        self.stanzas: dict[str, Counter[str]] = {"c2s": Counter(), "s2c": Counter()}
        self._taps = [Path(settings["folder"], f"{user}.{way}") for way in ("received", "sent")]
        for tap in self._taps:
            tap.write_bytes(b"")
        self._trust()
        for plugin in ("xep_0030", "xep_0198", "xep_0199", "xep_0280", "xep_0313"):
            self.register_plugin(plugin)
        self._listen()

    async def enter(self) -> None:
        """Connect and log in."""
        self.connect(self.settings["host"], self.settings["port"])
        if (outcome := await self.outcome.get()) != "session_start":
            raise LookupError(outcome)

    async def appear(self, show: str, status: str) -> dict[str, str]:
        """Fetch the roster, as a client does, then become available; gives the roster."""
        answer: Any = await self.get_roster()
        await self.plugin["xep_0280"].enable()
        self.send_presence(pshow=show, pstatus=status)
        items = answer["roster"]["items"]
        return {str(jid): str(item["subscription"]) for jid, item in items.items()}

    async def sees(self, other: "Player", kind: str) -> list[str]:
        """Wait for a presence of `kind` from the other account; gives what it says."""
        senders = {other.boundjid.full, other.boundjid.bare}
        while True:
            presence = await self.seen.get()
            if str(presence["from"]) in senders and presence["type"] == kind:
                return [str(presence["from"]), kind, str(presence["status"])]

    async def says(self, listener: "Player", words: str) -> str:
        """Send a message; gives the words that the listener heard."""
        message = self.make_message(mto=listener.boundjid, mbody=words, mtype="chat")
        message.send()
        heard = await listener.hears("id", str(message["id"]))
        return str(heard["body"])

    async def hears(self, key: str, value: str) -> Message:
        """Wait for the message with this id or body; others may come late from earlier tests."""
        while True:
            message = await self.heard.get()
            if message[key] == value:
                return message

    async def archive(self, count: int) -> list[list[str]]:
        """The newest messages of the archive, oldest first."""
        newest_first: list[list[str]] = []
        archive = self.plugin["xep_0313"]
        async for result in archive.iterate(reverse=True, rsm={"max": count}, total=count):
            stanza = result["mam_result"]["forwarded"]["stanza"]
            newest_first.append([str(stanza["from"]), str(stanza["body"])])
        return newest_first[::-1]

    async def leave(self) -> None:
        """Close the stream and wait until the connection is gone."""
        await self.disconnect(wait=30)

    def data_received(self, data: bytes | str) -> None:
        """Keep what came before slixmpp sees it."""
        assert isinstance(data, bytes)
        self._keep(0, data)
        super().data_received(data)

    def send_raw(self, data: str | bytes) -> None:
        """Keep what goes as slixmpp hands it to the connection."""
        super().send_raw(data)
        self._keep(1, data.encode() if isinstance(data, str) else data)

    def _keep(self, which: int, data: bytes) -> None:
        with self._taps[which].open("ab") as tap:
            tap.write(data)

    def _trust(self) -> None:
        self.ca_certs = Path(self.settings["ca"])
        if self.settings.get("newest_tls") == "1.2":
            self.ssl_context.maximum_version = ssl.TLSVersion.TLSv1_2
        if not self.settings.get("defaults"):
            self.enable_direct_tls = self.settings["tls"] == "direct"
            self.enable_starttls = self.settings["tls"] == "starttls"

    def _listen(self) -> None:
        for outcome in ("session_start", "failed_all_auth", "ssl_invalid_chain"):
            self.add_event_handler(outcome, lambda _, name=outcome: self.outcome.put_nowait(name))
        self.add_event_handler("presence", self.seen.put_nowait)
        self.add_event_handler("message", self.heard.put_nowait)
        self.add_filter("in", lambda stanza: self._count("s2c", stanza))
        self.add_filter("out", lambda stanza: self._count("c2s", stanza))

    def _count(self, direction: str, stanza: StanzaBase) -> StanzaBase:
        if isinstance(stanza, Message | Presence | Iq):
            self.stanzas[direction][stanza.name] += 1
        return stanza


class Enduring(Player):
    """One who connects again when the connection is lost, and notes what is wrong then."""

    def __init__(self, user: str, settings: Settings) -> None:
        super().__init__(user, settings)
        self.complaints: list[str] = []
        self.resumed = asyncio.Event()
        self._is_leaving = False
        self._management: Any = self.plugin["xep_0198"]
        self.add_event_handler("session_resumed", lambda _: self.resumed.set())
        self.add_event_handler("disconnected", lambda _: self._return())
        for name in ("stream_error", "sm_failed"):
            self.add_event_handler(name, lambda it: self.complaints.append(str(it)))
        logging.getLogger("slixmpp.plugins.xep_0198").addHandler(_Complaining(self.complaints))

    def _return(self) -> None:
        if not self._is_leaving:
            self.connect(self.settings["host"], self.settings["port"])

    async def all_heard(self, last: str) -> list[str]:
        """The words of all messages up to the last one."""
        heard: list[str] = []
        while True:
            message = await self.heard.get()
            if message["body"] == last:
                return heard
            heard.append(str(message["body"]))

    async def unacknowledged(self) -> int:
        """Ask the server for its count (XEP-0198 §4), and tell how many stanzas it has not."""
        acknowledged: Queue[object] = Queue()
        self.add_event_handler("stanza_acked", acknowledged.put_nowait)
        while self._management.unacked_queue:
            self._management.request_ack()
            await acknowledged.get()
        return len(self._management.unacked_queue)

    async def leave(self) -> None:
        """Go, and do not come back. A server would keep for the next time what is not confirmed."""
        self._is_leaving = True
        self._management.send_ack()
        await super().leave()


class _Complaining(logging.Handler):
    """Takes what is wrong with the counts of the server."""

    def __init__(self, complaints: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._complaints = complaints

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the text."""
        self._complaints.append(record.getMessage())


async def befriend(settings: Settings) -> object:
    """Have both accounts subscribe to each other; slixmpp grants it by default."""
    romeo, juliet = Player("romeo", settings), Player("juliet", settings)
    for player in (romeo, juliet):
        await player.enter()
        await player.appear("", "")
    romeo.send_presence_subscription(pto=juliet.boundjid.bare)
    await romeo.sees(juliet, "subscribed")
    await juliet.sees(romeo, "subscribed")
    for player in (romeo, juliet):
        await player.leave()
    return {}


async def converse(settings: Settings) -> object:
    """Log in with both accounts, one after the other, and use what a chat client uses."""
    romeo, juliet = Player("romeo", settings), Player("juliet", settings)
    question, answer = settings["speeches"]
    story: dict[str, object] = {}
    await romeo.enter()
    story["romeo's roster"] = await romeo.appear("chat", "under the balcony")
    await juliet.enter()
    story["juliet's roster"] = await juliet.appear("away", "on the balcony")
    story["romeo sees"] = await romeo.sees(juliet, "away")
    story["juliet sees"] = await juliet.sees(romeo, "chat")
    story["juliet hears"] = await romeo.says(juliet, question)
    story["romeo hears"] = await juliet.says(romeo, answer)
    story["pinged"] = await romeo.plugin["xep_0199"].ping(settings["domain"]) > 0
    story["archive"] = await romeo.archive(2)
    await juliet.leave()
    story["romeo sees at last"] = await romeo.sees(juliet, "unavailable")
    await romeo.leave()
    return {"story": story, "stanzas": {player.user: player.stanzas for player in (romeo, juliet)}}


async def listen(settings: Settings) -> object:
    """Be juliet, who listens."""
    return await _attend(settings, replies=False)


async def answer(settings: Settings) -> object:
    """Be juliet, who answers what she hears."""
    return await _attend(settings, replies=True)


async def _attend(settings: Settings, *, replies: bool) -> object:
    juliet = Player("juliet", settings)
    await juliet.enter()
    await juliet.appear("", "")
    print("ready", flush=True)
    message = await juliet.hears("body", settings["words"])
    heard = [str(message["from"].bare), str(message["body"])]
    if replies:
        juliet.send_message(mto=message["from"], mbody=f"juliet heard: {heard[1]}", mtype="chat")
    await juliet.leave()
    return {"heard": heard}


async def endure(settings: Settings) -> object:
    """Talk on while things happen to romeo's stream, and tell what was heard."""
    romeo = Enduring("romeo", settings)
    juliet = Enduring("juliet", {**settings, "port": settings["direct"]})
    for player in (romeo, juliet):
        await player.enter()
        player.send_presence()
    half, end = settings["lines"] // 2, settings["words"]
    await _talk(romeo, juliet, range(half))
    print("half", flush=True)
    await _talk(romeo, juliet, range(half, settings["lines"]))
    await romeo.resumed.wait()
    # The last line may have to let one message pass, so the end is the second one behind it.
    for words in ("the last but one", end):
        romeo.send_message(mto=juliet.boundjid, mbody=words, mtype="chat")
        juliet.send_message(mto=romeo.boundjid, mbody=words, mtype="chat")
    told = {player.user: await player.all_heard(end) for player in (romeo, juliet)}
    left = await romeo.unacknowledged()
    for player in (romeo, juliet):
        await player.leave()
    return {"heard": told, "complaints": romeo.complaints, "unacknowledged": left}


async def _talk(romeo: Player, juliet: Player, numbers: range) -> None:
    for number in numbers:
        for speaker, listener in ((romeo, juliet), (juliet, romeo)):
            line = f"line {number} of {speaker.user}, {speaker.settings['words']}"
            speaker.send_message(mto=listener.boundjid, mbody=line, mtype="chat")
        await asyncio.sleep(_BETWEEN)


async def log_in(settings: Settings) -> object:
    """Be romeo, who comes and goes."""
    romeo = Player("romeo", settings)
    try:
        await romeo.enter()
    except LookupError as failure:
        return {"outcome": str(failure)}
    await romeo.leave()
    return {"outcome": "session_start"}


ROLES = {
    "befriend": befriend,
    "converse": converse,
    "listen": listen,
    "answer": answer,
    "log-in": log_in,
    "endure": endure,
}


async def main(role: str, settings: Settings) -> None:
    """Play one role."""
    async with timeout(60):
        print(json.dumps(await ROLES[role](settings)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], json.loads(sys.argv[2])))
