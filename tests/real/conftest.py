"""The servers are started once a session; each has the accounts romeo and juliet, who are friends."""

import shutil
import tempfile
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from tests.real.clients import Endpoint, result_of, slixmpp
from tests.real.programs import tail
from tests.real.servers import DOMAIN, ROOMS, SERVERS, Server

_WORKPLACE = pytest.StashKey[Path]()
_FAILED = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder `real`."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.real)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Put the ends of the programs' logs under a failure."""
    report = yield
    workplace = item.config.stash.get(_WORKPLACE, None)
    if workplace is not None and report.failed:
        item.config.stash[_FAILED] = True
        for log in sorted(workplace.rglob("*.log"), key=lambda path: path.stat().st_mtime)[-6:]:
            report.sections.append((f"end of {log}", tail(log)))
    return report


@pytest.fixture(scope="session")
def workplace(request: pytest.FixtureRequest) -> Iterator[Path]:
    """A folder for all that the programs write; other system users can enter it, unlike tmp_path.

    It is kept when a test fails.
    """
    folder = Path(tempfile.mkdtemp(prefix="xmppspy-real-"))
    folder.chmod(0o755)
    request.config.stash[_WORKPLACE] = folder
    yield folder
    if request.config.stash.get(_FAILED, False):
        print(f"\nthe logs and captures are in {folder}")
    else:
        shutil.rmtree(folder)


@pytest.fixture
def folder(workplace: Path) -> Path:
    """A new folder of the test's own."""
    return Path(tempfile.mkdtemp(dir=workplace))


class Authority:
    """The CA behind the servers' certificates."""

    def __init__(self, folder: Path) -> None:
        self._ca = trustme.CA()
        self.certificate = folder / "test-ca.pem"
        self._ca.cert_pem.write_to_path(self.certificate)

    def issue(self, *names: str) -> trustme.LeafCert:
        """A certificate; one that lives for centuries stops ejabberd from starting."""
        return self._ca.issue_cert(*names, not_after=datetime.now(UTC) + timedelta(days=30))

    def issue_to(self, account: str, file: Path) -> Path:
        """A client's certificate and key, in one file (XEP-0178)."""
        ca = x509.load_pem_x509_certificate(self._ca.cert_pem.bytes())
        ca_key = load_pem_private_key(self._ca.private_key_pem.bytes(), None)
        assert isinstance(ca_key, ec.EllipticCurvePrivateKey)
        key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
        address = bytes([12, len(account)]) + account.encode()  # a UTF8String
        names = [x509.OtherName(x509.ObjectIdentifier("1.3.6.1.5.5.7.8.5"), address)]
        certificate = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, account)]))
            .issuer_name(ca.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .sign(ca_key, hashes.SHA256())
        )
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(pem + certificate.public_bytes(Encoding.PEM))
        return file


@pytest.fixture(scope="session")
def authority(workplace: Path) -> Authority:
    """The CA that clients trust when they connect to a server directly."""
    return Authority(workplace)


class _Fleet:
    """The servers, each started when it is first asked for, and running to the end."""

    def __init__(self, workplace: Path, authority: Authority, stack: ExitStack) -> None:
        self._workplace = workplace
        self._authority = authority
        self._stack = stack
        self._running: dict[str, Server] = {}

    def __getitem__(self, name: str) -> Server:
        if name not in self._running:
            self._running[name] = self._start(name)
        return self._running[name]

    def _start(self, name: str) -> Server:
        place = self._workplace / name
        place.mkdir()
        # The address is for clients that send no SNI.
        certificate = self._authority.issue(DOMAIN, ROOMS, "127.0.0.1")
        server = self._stack.enter_context(SERVERS[name](place, certificate))
        endpoint = Endpoint(server.starttls_port, "starttls", self._authority.certificate)
        with slixmpp("befriend", endpoint, place) as program:
            result_of(program)
        return server


@pytest.fixture(scope="session")
def fleet(workplace: Path, authority: Authority) -> Iterator[_Fleet]:
    """One of each server for all tests, in whatever order these come."""
    with ExitStack() as stack:
        yield _Fleet(workplace, authority, stack)


@pytest.fixture(scope="session", params=sorted(SERVERS))
def server(request: pytest.FixtureRequest, fleet: _Fleet) -> Server:
    """Each of the servers."""
    return fleet[request.param]


@pytest.fixture(scope="module", params=["starttls", "direct"])
def tls(request: pytest.FixtureRequest) -> str:
    """How the client and xmppspy begin TLS."""
    return str(request.param)
