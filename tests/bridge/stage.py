"""A stage for logins: a client and a server that talk through a `LoginGuard`.

Both speak by themselves. SCRAM is that of `scramp`, or, where it lacks what is needed (`h` and `t`
in the server's first message, an authzid, tls-exporter), that of RFC 5802 written down here; none
of xmppspy's code is in either.
"""

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final, TypeAlias

from lxml import etree
from scramp import ScramClient, ScramException, ScramMechanism

from xmppspy.bridge.credentials import Accounts
from xmppspy.bridge.guard import LoginGuard
from xmppspy.bridge.house import House, Mode
from xmppspy.protocol import namespaces as ns
from xmppspy.protocol.events import UNCHANGED, Direction, Side
from xmppspy.protocol.framing import Frame, Framer
from xmppspy.protocol.guard import Ruling

DOMAIN: Final = "example.org"
JULIET: Final = f"juliet@{DOMAIN}"
PASSWORD: Final = "R0m30-wherefore"
WRONG: Final = "it-is-the-nightingale"
SALT: Final = b"sixteen bytes of"
HOST: Final = "192.0.2.7"
PROFILES: Final = (ns.SASL, ns.SASL2)

EXPORTER: Final = "tls-exporter"
END_POINT: Final = "tls-server-end-point"
UNIQUE: Final = "tls-unique"

MECHANISMS: Final = (
    "SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512",
    "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-512-PLUS",
)  # fmt: skip

Script: TypeAlias = Generator[bytes, bytes | None, bytes]
"""A mechanism: yields what it says, is sent what the other says. A server's returns what it says
with success; a client's returns when the server has proved itself."""


class RefusedError(Exception):
    """A peer does not go on. Its text is the condition of a server's failure."""


@dataclass(frozen=True)
class Leg:
    """TLS of a leg, as a guard sees it."""

    version: str = "TLSv1.3"
    values: Mapping[str, bytes] = field(default_factory=dict)

    def channel_binding(self, kind: str) -> bytes | None:
        """The data of a type that this leg has."""
        return self.values.get(kind)


def leg(name: str, version: str = "TLSv1.3", **others: bytes) -> Leg:
    """A leg with values of its own for all types."""
    values = {kind: f"{kind} of {name}".encode() for kind in (EXPORTER, END_POINT, UNIQUE)}
    return Leg(version, values | {kind.replace("_", "-"): each for kind, each in others.items()})


CLIENT_LEG: Final = leg("the client")
SERVER_LEG: Final = leg("the server")


def house(
    mode: Mode = "auto",
    password: str | None = PASSWORD,
    *,
    takes_plain: bool = False,
    has_certificate: bool = False,
) -> House:
    """A house that knows juliet's password, if any."""
    accounts = Accounts({} if password is None else {JULIET: password})
    return House(mode, accounts, takes_plain, has_certificate)


# --- the stage


class Stage:
    """A guard between two peers, and all that passes."""

    def __init__(
        self,
        home: House,
        *,
        host: str = HOST,
        client: Leg | None = CLIENT_LEG,
        server: Leg | None = SERVER_LEG,
    ) -> None:
        self.house = home
        self.guard = LoginGuard(home, host)
        self.notes: list[str] = []
        self.errors: list[str] = []
        self.details: list[str] = []
        self.passed: list[tuple[Direction, bytes, bytes | None]] = []
        """The direction, what came, and what went on."""
        self.legs: dict[Side, Leg] = {}
        self._framers: dict[Direction, Framer] = {"c2s": Framer(), "s2c": Framer()}
        self.restart()
        for side, each in ((Side.SERVER, server), (Side.CLIENT, client)):
            if each is not None:
                self.legs[side] = each
                self.guard.secured(side, each)

    def restart(self) -> None:
        """New streams in both directions."""
        header = (
            f"<stream:stream to='{DOMAIN}' version='1.0' xmlns='jabber:client' "
            f"xmlns:stream='{ns.STREAMS}'>"
        ).encode()
        for framer in self._framers.values():
            framer.receive_data(header)
            assert framer.next_frame() is not None
        self.guard.named(DOMAIN)

    def frame(self, direction: Direction, data: bytes) -> Frame:
        """Bytes as a real frame of the stream."""
        framer = self._framers[direction]
        framer.receive_data(data)
        frame = framer.next_frame()
        assert frame is not None
        assert frame.data == data
        return frame

    def see(self, direction: Direction, data: bytes) -> Ruling:
        """Have the guard judge what a peer has said."""
        ruling = self.guard.see(direction, self.frame(direction, data))
        self.passed.append((direction, data, went_on(data, ruling)))
        self._hear(ruling)
        return ruling

    def end(self) -> None:
        """The connection ends."""
        self._hear(self.guard.ended())

    def offer(
        self,
        sasl: Sequence[str] = (),
        sasl2: Sequence[str] = (),
        types: Sequence[str] = (),
        fast: Sequence[str] = (),
    ) -> bytes | None:
        """The server offers mechanisms; returns what the client sees."""
        self.see("s2c", features(sasl, sasl2, types, fast))
        return self.passed[-1][2]

    def play(self, client: "Client", server: "Server") -> str:
        """Play a login to its end; returns how it ended for the client."""
        said: list[tuple[Direction, bytes]] = [("c2s", client.start())]
        while said:
            direction, data = said.pop(0)
            ruling = self.see(direction, data)
            sender, receiver = (client, server) if direction == "c2s" else (server, client)
            back: Direction = "s2c" if direction == "c2s" else "c2s"
            went = went_on(data, ruling)
            answer = b"" if went is None else receiver.receive(went)
            if answer:
                said.append((back, answer))
            again = sender.receive(ruling.reply) if ruling.reply else b""
            if again:
                said.append((direction, again))
        return client.outcome

    def untouched(self) -> bool:
        """Whether all went on as it came."""
        return all(came == went for _, came, went in self.passed)

    def told(self) -> str:
        """All that was said about what passed, and what the house shows of itself."""
        return "\n".join((*self.notes, *self.errors, *self.details, repr(self.house)))

    def leaks(self, *others: str | bytes) -> list[str | bytes]:
        """The secrets that can be found in what was said: passwords, keys, and `others`."""
        made = [
            each
            for name in ("SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512")
            for word in (PASSWORD, WRONG)
            for each in (keys(name, word).client, keys(name, word).stored, keys(name, word).server)
        ]
        values = [legs for each in self.legs.values() for legs in each.values.values()]
        told = self.told()
        secrets = (PASSWORD, WRONG, *made, *values, *others)
        return [secret for secret in secrets if any(form in told for form in _forms(secret))]

    def _hear(self, ruling: Ruling) -> None:
        self.notes += ruling.notes
        self.errors += [each.error for each in ruling.troubles]
        self.details += [each.detail for each in ruling.troubles]


def _forms(secret: str | bytes) -> tuple[str, ...]:
    data = secret.encode() if isinstance(secret, str) else secret
    return (
        data.decode(errors="backslashreplace"),
        b64encode(data).decode(),
        data.hex(),
        repr(data)[2:-1],
    )


def went_on(data: bytes, ruling: Ruling) -> bytes | None:
    """What of a frame reaches the other side."""
    return data if ruling.data is UNCHANGED else ruling.data


def features(
    sasl: Sequence[str] = (),
    sasl2: Sequence[str] = (),
    types: Sequence[str] = (),
    fast: Sequence[str] = (),
) -> bytes:
    """Stream features with these mechanisms and types of channel binding."""

    def listed(names: Sequence[str]) -> str:
        return "".join(f"<mechanism>{name}</mechanism>" for name in names)

    parts = [
        f"<mechanisms xmlns='{ns.SASL}'>{listed(sasl)}</mechanisms>" if sasl else "",
        f"<authentication xmlns='{ns.SASL2}'>{listed(sasl2)}<inline>"
        f"<fast xmlns='urn:xmpp:fast:0'>{listed(fast)}</fast></inline></authentication>"
        if sasl2
        else "",
        "<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'>"
        + "".join(f"<channel-binding type='{kind}'/>" for kind in types)
        + "</sasl-channel-binding>"
        if types
        else "",
    ]
    return f"<stream:features>{''.join(parts)}</stream:features>".encode()


# --- the peers


class Client:
    """Logs in by a script, in SASL or SASL2.

    `late`: the first message comes behind `<auth/>`. `inline` stands in `<authenticate/>`;
    `prefix` is written before the names of SASL's elements.
    """

    def __init__(
        self,
        profile: str,
        mechanism: str,
        script: Script,
        *,
        late: bool = False,
        inline: bytes = b"",
        prefix: str = "",
    ) -> None:
        self.outcome = "nothing"
        self.success = b""
        self._profile, self._mechanism, self._script = profile, mechanism, script
        self._late, self._inline, self._prefix = late, inline, prefix
        self._proved = False

    def start(self) -> bytes:
        """The first element."""
        content = None if self._late else next(self._script)
        if self._profile == ns.SASL:
            return self._element("auth", coded(content), f" mechanism='{self._mechanism}'")
        colon = f"{self._prefix}:" if self._prefix else ""
        initial = b"" if content is None else coded(content)
        if content is not None:
            name = f"{colon}initial-response".encode()
            initial = b"<" + name + b">" + initial + b"</" + name + b">"
        attributes = f"  mechanism='{self._mechanism}'"
        return self._element("authenticate", initial + self._inline, attributes)

    def receive(self, data: bytes) -> bytes:
        """The answer to an element; nothing at the end."""
        element = etree.fromstring(data)
        kind, content = kind_of(element), payload_of(element)
        try:
            if kind == "challenge":
                return self._element("response", coded(self._answer(content)))
            if kind == "failure":
                self.outcome = f"failure: {kind_of(element[0])}"
            elif kind == "success":
                self.success = data
                self._finish(content)
                self.outcome = "success"
        except RefusedError as error:
            self.outcome = f"refused: {error}"
            return self._element("abort", b"") if kind == "challenge" else b""
        return b""

    def _answer(self, content: bytes | None) -> bytes | None:
        if self._late:
            self._late = False
            return next(self._script)
        try:
            return self._script.send(content)
        except StopIteration:
            self._proved = True
            return None

    def _finish(self, content: bytes | None) -> None:
        if self._proved:
            return
        try:
            self._script.send(content)
        except StopIteration:
            return
        raise RefusedError("the login is not complete")

    def _element(self, name: str, content: bytes, attributes: str = "") -> bytes:
        return element_of(self._profile, name, content, attributes, self._prefix)


class Server:
    """Lets clients in by the scripts of its mechanisms.

    `confirms`: the server's last message comes in a challenge of its own. `inline` stands in
    SASL2's `<success/>`.
    """

    def __init__(
        self,
        profile: str,
        mechanisms: Mapping[str, Callable[[], Script]],
        *,
        confirms: bool = False,
        inline: bytes = b"",
        prefix: str = "",
    ) -> None:
        self.mechanism = ""
        self.seen: list[bytes] = []
        self.payloads: list[bytes | None] = []
        self.lets_in = False
        self._profile, self._mechanisms = profile, mechanisms
        self._confirms, self._inline, self._prefix = confirms, inline, prefix
        self._script: Script | None = None
        self._confirming = False

    def receive(self, data: bytes) -> bytes:
        """The answer to an element."""
        element = etree.fromstring(data)
        kind, content = kind_of(element), payload_of(element)
        self.seen.append(data)
        self.payloads.append(content)
        try:
            if kind in ("auth", "authenticate"):
                return self._begin(str(element.get("mechanism")), content)
            if kind == "abort":
                raise RefusedError("aborted")
            if self._confirming:
                return self._succeed(b"")
            return self._step(content)
        except (RefusedError, ScramException) as error:
            known = str(error) if isinstance(error, RefusedError) else "not-authorized"
            return self._element("failure", f"<{known} xmlns='{ns.SASL}'/>".encode())

    def _begin(self, mechanism: str, content: bytes | None) -> bytes:
        self.mechanism = mechanism
        if mechanism not in self._mechanisms:
            raise RefusedError("invalid-mechanism")
        self._script = self._mechanisms[mechanism]()
        next(self._script)
        return self._element("challenge", b"") if content is None else self._step(content)

    def _step(self, content: bytes | None) -> bytes:
        assert self._script is not None
        try:
            return self._element("challenge", coded(self._script.send(content)))
        except StopIteration as stop:
            self.lets_in = True
            if self._confirms:
                self._confirming = True
                return self._element("challenge", coded(stop.value))
            return self._succeed(stop.value)

    def _succeed(self, content: bytes) -> bytes:
        if self._profile == ns.SASL:
            return self._element("success", coded(content) if content else b"")
        colon = f"{self._prefix}:" if self._prefix else ""
        name = f"{colon}additional-data".encode()
        data = b"<" + name + b">" + coded(content) + b"</" + name + b">" if content else b""
        return self._element("success", data + self._inline)

    def _element(self, name: str, content: bytes, attributes: str = "") -> bytes:
        return element_of(self._profile, name, content, attributes, self._prefix)


def element_of(
    profile: str, name: str, content: bytes = b"", attributes: str = "", prefix: str = ""
) -> bytes:
    """An element of SASL or SASL2."""
    declared = f"xmlns:{prefix}" if prefix else "xmlns"
    full = f"{prefix}:{name}" if prefix else name
    opening = f"<{full} {declared}='{profile}'{attributes}"
    if not content:
        return f"{opening}/>".encode()
    return f"{opening}>".encode() + content + f"</{full}>".encode()


def coded(content: bytes | None) -> bytes:
    """A payload as it is written; None for none."""
    return b"" if content is None else b64encode(content)


def kind_of(element: etree._Element) -> str:
    """The local name."""
    return str(element.tag).rpartition("}")[2]


def payload_of(element: etree._Element) -> bytes | None:
    """What an element carries, by its own profile."""
    if kind_of(element) in ("authenticate", "success", "continue") and ns.SASL2 in str(element.tag):
        holder = next(iter(element.iterchildren("{*}initial-response", "{*}additional-data")), None)
        return None if holder is None else b64decode(holder.text or "")
    text = (element.text or "").strip()
    if text == "=":
        return b""
    return b64decode(text) if text else None


# --- mechanisms


def hash_name(mechanism: str) -> str:
    """As hashlib names it."""
    number = mechanism.removesuffix("-PLUS").removeprefix("SCRAM-SHA-")
    return f"sha{number}"


def offer_hash(mechanism: str, offered: Sequence[str], types: Sequence[str] = ()) -> str:
    """The attribute `h` for an offer (XEP-0474 §5)."""
    text = "\x1e".join(sorted(offered))
    if types:
        text += "\x1f" + "\x1e".join(sorted(types))
    return b64encode(hashlib.new(hash_name(mechanism), text.encode()).digest()).decode()


@dataclass(frozen=True)
class KeySet:
    """The keys that a password comes to (RFC 5802 §3)."""

    client: bytes
    stored: bytes
    server: bytes


@cache
def keys(mechanism: str, password: str, salt: bytes = SALT, iterations: int = 4096) -> KeySet:
    """Hash a password of ASCII."""
    name = hash_name(mechanism)
    salted = hashlib.pbkdf2_hmac(name, password.encode(), salt, iterations)
    client = hmac.digest(salted, b"Client Key", name)
    server = hmac.digest(salted, b"Server Key", name)
    return KeySet(client, hashlib.new(name, client).digest(), server)


def fields(text: str) -> dict[str, str]:
    """The attributes of a message."""
    return {part[0]: part[2:] for part in text.split(",")}


def scram_client(
    mechanism: str,
    password: str = PASSWORD,
    *,
    user: str = "juliet",
    header: str = "n,,",
    channel: bytes = b"",
    expects: Mapping[str, str] | None = None,
) -> Script:
    """A client by RFC 5802; it wants the attributes that it `expects` in the server's answer."""
    name = hash_name(mechanism)
    bare = f"n={user.replace('=', '=3D').replace(',', '=2C')},r=clientnonce"
    answer = (yield (header + bare).encode()) or b""
    said = fields(answer.decode())
    for attribute, value in (expects or {}).items():
        if said.get(attribute) != value:
            raise RefusedError(f"{attribute} differs")
    if not said["r"].startswith("clientnonce"):
        raise RefusedError("nonce")
    made = keys(mechanism, password, b64decode(said["s"]), int(said["i"]))
    unproved = f"c={b64encode(header.encode() + channel).decode()},r={said['r']}"
    message = f"{bare},{answer.decode()},{unproved}".encode()
    mask = hmac.digest(made.stored, message, name)
    proof = bytes(a ^ b for a, b in zip(made.client, mask, strict=True))
    final = (yield f"{unproved},p={b64encode(proof).decode()}".encode()) or b""
    signature = b64encode(hmac.digest(made.server, message, name)).decode()
    if final.decode() != f"v={signature}":
        raise RefusedError("signature")
    return b""


def scram_server(
    mechanism: str,
    *,
    accounts: Mapping[str, str] | None = None,
    channel: Leg = SERVER_LEG,
    can_bind: bool = True,
    extra: str = "",
    iterations: int = 4096,
    lies: bool = False,
) -> Script:
    """A server by RFC 5802; `extra` are more attributes, `lies` makes its signature wrong."""
    name = hash_name(mechanism)
    known = {"juliet": PASSWORD} if accounts is None else accounts
    first = ((yield b"") or b"").decode()
    flag, authzid, bare = first.split(",", 2)
    if flag.startswith("p=") != mechanism.endswith("-PLUS") or (flag == "y" and can_bind):
        raise RefusedError("malformed-request")
    said = fields(bare)
    password = known.get(said["n"].replace("=2C", ",").replace("=3D", "="))
    if password is None:
        raise RefusedError("not-authorized")
    salt = b64encode(SALT).decode()
    answer = f"r={said['r']}servernonce,s={salt},i={iterations}{extra}"
    final = ((yield answer.encode()) or b"").decode()
    unproved, _, proof = final.rpartition(",p=")
    made = keys(mechanism, password, SALT, iterations)
    message = f"{bare},{answer},{unproved}".encode()
    data = channel.values[flag[2:]] if flag.startswith("p=") else b""
    header = f"{flag},{authzid},".encode()
    mask = hmac.digest(made.stored, message, name)
    masked = b64decode(proof)
    if len(masked) != len(mask):
        raise RefusedError("malformed-request")
    client = bytes(a ^ b for a, b in zip(masked, mask, strict=True))
    if hashlib.new(name, client).digest() != made.stored:
        raise RefusedError("not-authorized")
    if b64decode(fields(unproved)["c"]) != header + data:
        raise RefusedError("not-authorized")
    signature = bytes(len(made.server)) if lies else hmac.digest(made.server, message, name)
    return b"v=" + b64encode(signature)


def scramp_client(
    mechanism: str,
    password: str = PASSWORD,
    *,
    user: str = "juliet",
    kind: str = "",
    data: bytes = b"",
) -> Script:
    """A client of `scramp`; with `kind` and a mechanism without -PLUS its flag is y."""
    scram = ScramClient([mechanism], user, password, channel_binding=(kind, data) if kind else None)
    answer = yield scram.get_client_first().encode()
    try:
        scram.set_server_first((answer or b"").decode())
        final = yield scram.get_client_final().encode()
        scram.set_server_final((final or b"").decode())
    except ScramException as error:
        raise RefusedError(str(error)) from error
    return b""


def scramp_server(
    mechanism: str,
    *,
    accounts: Mapping[str, str] | None = None,
    kind: str = "",
    data: bytes = b"",
) -> Script:
    """A server of `scramp`; with `kind` it can bind, and refuses the flag y."""
    method = ScramMechanism(mechanism)
    known = {"juliet": PASSWORD} if accounts is None else accounts

    def stored(user: str) -> tuple[bytes, bytes, bytes, int] | None:
        password = known.get(user)
        if password is None:
            return None
        found: tuple[bytes, bytes, bytes, int] = method.make_auth_info(password, 4096, SALT)
        return found

    scram = method.make_server(stored, (kind, data) if kind else None)
    scram.set_client_first(((yield b"") or b"").decode())
    scram.set_client_final(((yield scram.get_server_first().encode()) or b"").decode())
    return bytes(scram.get_server_final().encode())


def plain_client(password: str = PASSWORD, *, user: str = "juliet", authzid: str = "") -> Script:
    """PLAIN (RFC 4616)."""
    content = yield f"{authzid}\0{user}\0{password}".encode()
    if content:
        raise RefusedError("more than was asked")
    return b""


def plain_server(accounts: Mapping[str, str] | None = None) -> Script:
    """PLAIN; succeeds for a known password."""
    said = ((yield b"") or b"").decode().split("\0")
    if ({"juliet": PASSWORD} if accounts is None else accounts).get(said[1]) != said[2]:
        raise RefusedError("not-authorized")
    return b""


def external_server(wanted: bytes = b"") -> Script:
    """EXTERNAL: the certificate is fine, and no other identity but `wanted` is allowed."""
    if (yield b"") != wanted:
        raise RefusedError("invalid-authzid")
    return b""


def token_client(token: str, data: bytes = b"", *, user: str = "juliet") -> Script:
    """HT-SHA-256 (XEP-0484)."""
    proof = hmac.digest(token.encode(), b"Initiator" + data, "sha256")
    answer = yield user.encode() + b"\0" + proof
    if answer != hmac.digest(token.encode(), b"Responder" + data, "sha256"):
        raise RefusedError("responder")
    return b""


def token_server(token: str, data: bytes = b"", *, lies: bool = False) -> Script:
    """HT-SHA-256 for juliet's token."""
    said = ((yield b"") or b"").partition(b"\0")[2]
    if said != hmac.digest(token.encode(), b"Initiator" + data, "sha256"):
        raise RefusedError("credentials-expired")
    return b"no proof" if lies else hmac.digest(token.encode(), b"Responder" + data, "sha256")


def scram_servers(names: Sequence[str], **options: object) -> dict[str, Callable[[], Script]]:
    """Servers by RFC 5802 for several mechanisms, all with the same options."""

    def one(name: str) -> Callable[[], Script]:
        return lambda: scram_server(name, **options)  # type: ignore[arg-type]

    return {name: one(name) for name in names}
