import ssl
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from tests.proxy.handshake import shake_hands
from xmppspy.errors import AuthorityError
from xmppspy.proxy.certs import (
    CERTIFICATE_FILE,
    KEY_FILE,
    Authority,
    default_folder,
)
from xmppspy.proxy.issuing import Issuer
from xmppspy.proxy.minting import make_authority


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """A CA of its own, just made."""
    return Authority.open(tmp_path / "ca")


def mode_of(path: Path) -> int:
    """The permission bits of a file."""
    return path.stat().st_mode & 0o777


# --- files


def test_the_authority_is_made_private(tmp_path: Path) -> None:
    """The folder is for its owner only, as is the key; the certificate is for everybody."""
    authority = Authority.open(tmp_path / "some" / "ca")

    assert mode_of(authority.folder) == 0o700
    assert mode_of(authority.key_path) == 0o600
    assert b"PRIVATE" not in authority.certificate_path.read_bytes()
    assert sorted(path.name for path in authority.folder.iterdir()) == [KEY_FILE, CERTIFICATE_FILE]


def test_an_empty_folder_becomes_private(tmp_path: Path) -> None:
    """An empty folder given for the CA is closed to others; one in use keeps its mode."""
    empty, used = tmp_path / "empty", tmp_path / "used"
    empty.mkdir(mode=0o755)
    used.mkdir(mode=0o755)
    (used / "notes.txt").touch()
    Authority.open(empty)
    Authority.open(used)

    assert (mode_of(empty), mode_of(used)) == (0o700, 0o755)


def test_the_authority_is_loaded_again(authority: Authority) -> None:
    """A second opening finds the same CA."""
    again = Authority.open(authority.folder)

    assert again.certificate == authority.certificate
    assert again.fingerprint == authority.fingerprint
    assert again.subject.startswith("xmppspy CA (")


def test_a_relative_folder_is_told_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The certificate's path holds in any working directory."""
    monkeypatch.chdir(tmp_path)

    assert Authority.open(Path("ca")).certificate_path == tmp_path / "ca" / CERTIFICATE_FILE


def test_the_default_folder_is_the_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a folder the CA lives in the platform's user data folder."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    authority = Authority.open()

    assert authority.folder == default_folder()
    assert authority.folder.is_relative_to(tmp_path)


def test_processes_starting_at_once_end_with_one_authority(tmp_path: Path) -> None:
    """Whoever is quickest makes the CA; the others take it, and nothing is left lying about."""
    script = (
        "import sys; from pathlib import Path; from xmppspy.proxy.certs import Authority;"
        "print('ready', flush=True); sys.stdin.readline();"
        "print(Authority.open(Path(sys.argv[1])).fingerprint)"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path / "ca")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    said = {process.communicate()[0] for process in processes}

    assert said == {Authority.open(tmp_path / "ca").fingerprint + "\n"}
    assert len(list((tmp_path / "ca").iterdir())) == 2


def test_a_key_others_can_read_is_made_private_and_said(authority: Authority) -> None:
    """The mode is repaired, and the person is told what may have happened."""
    authority.key_path.chmod(0o644)
    again = Authority.open(authority.folder)
    (note,) = again.notes

    assert mode_of(authority.key_path) == 0o600
    assert "mode 0644" in note
    assert authority.notes == ()


def test_a_lost_certificate_is_written_again(authority: Authority) -> None:
    """The published certificate is a copy: it comes back as it was."""
    before = authority.certificate_path.read_bytes()
    authority.certificate_path.unlink()

    assert Authority.open(authority.folder).certificate_path.read_bytes() == before


def test_a_lost_key_is_not_replaced_silently(authority: Authority) -> None:
    """Clients trust the old CA: a new one is made only when its certificate is gone, too."""
    authority.key_path.unlink()
    with pytest.raises(AuthorityError, match=f"{KEY_FILE} is missing; put it back, or remove"):
        Authority.open(authority.folder)
    authority.certificate_path.unlink()

    assert Authority.open(authority.folder).fingerprint != authority.fingerprint


@pytest.mark.parametrize("content", [b"", b"junk", b"-----BEGIN CERTIFICATE-----\n"])
def test_a_broken_certificate_file_is_said(authority: Authority, content: bytes) -> None:
    """What does not fit the key is an error that says what to remove."""
    authority.certificate_path.write_bytes(content)
    with pytest.raises(AuthorityError) as caught:
        Authority.open(authority.folder)

    assert str(caught.value) == (
        f"certificate authority in {authority.folder}: {CERTIFICATE_FILE} is not the certificate "
        f"of {KEY_FILE}; remove it, it is made again"
    )


def authority_file(
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey,
    certificate: x509.Certificate,
    password: bytes | None = None,
) -> bytes:
    """A key and a certificate as the CA's file holds them."""
    encryption = BestAvailableEncryption(password) if password else NoEncryption()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
    return private + certificate.public_bytes(Encoding.PEM)


def broken_files() -> dict[str, bytes]:
    """Contents of a key file that must be refused, by what the error says."""
    now, key = datetime.now(UTC), ec.generate_private_key(ec.SECP256R1())
    certificate = make_authority(key, "me@here", now)
    expired = make_authority(key, "me@here", now - timedelta(days=4000))
    leaf = trustme.CA().issue_cert("example.org").cert_chain_pems[0].bytes()
    stranger = ec.generate_private_key(ec.SECP256R1())
    edwards = ed25519.Ed25519PrivateKey.generate()
    issued = trustme.CA().issue_cert("example.org")
    issued_key = issued.private_key_pem.bytes() + issued.cert_chain_pems[0].bytes()
    return {
        "is not a key with its certificate": authority_file(key, certificate)[:150],
        r"\(PEM, without password\)": authority_file(key, certificate, b"secret"),
        "do not belong together": authority_file(stranger, certificate),
        "neither EC nor RSA": authority_file(edwards, certificate),
        "is not a CA's": issued_key,
        "expired on 20": authority_file(key, expired),
        "is not a key with": leaf,
    }


@pytest.mark.parametrize(("reason", "content"), broken_files().items(), ids=range(7))
def test_a_broken_key_file_is_said(tmp_path: Path, reason: str, content: bytes) -> None:
    """Each kind of damage is named, with what to do, in one line."""
    (tmp_path / KEY_FILE).write_bytes(content)
    (tmp_path / KEY_FILE).chmod(0o600)
    with pytest.raises(AuthorityError, match=reason) as caught:
        Authority.open(tmp_path)

    assert f"or remove it and {CERTIFICATE_FILE} for a new CA" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / CERTIFICATE_FILE).exists()


def bare_certificate(key: ec.EllipticCurvePrivateKey, *, is_ca: bool) -> x509.Certificate:
    """A self-signed certificate with the least that makes it a CA's, or not even that."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "bare")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=9))
    )
    if is_ca:
        builder = builder.add_extension(
            x509.BasicConstraints(ca=True, path_length=None), critical=True
        )
    return builder.sign(key, hashes.SHA256())


def test_an_authority_of_ones_own_may_be_brought(tmp_path: Path) -> None:
    """A CA with an RSA key, made elsewhere, signs leaves that its clients accept."""
    key = rsa.generate_private_key(65537, 2048)
    certificate = make_authority(key, "us@lab", datetime.now(UTC))
    (tmp_path / KEY_FILE).write_bytes(authority_file(key, certificate))
    authority = Authority.open(tmp_path)
    trusting = ssl.create_default_context(cafile=authority.certificate_path)
    context = Issuer(authority).server_context(["example.org"])
    client, _ = shake_hands(trusting, context, "example.org")

    assert client.verified


def test_an_authority_without_key_identifier_will_do(tmp_path: Path) -> None:
    """Leaves of a CA that has no SubjectKeyIdentifier are verified all the same."""
    key = ec.generate_private_key(ec.SECP256R1())
    (tmp_path / KEY_FILE).write_bytes(authority_file(key, bare_certificate(key, is_ca=True)))
    authority = Authority.open(tmp_path)
    context = Issuer(authority).server_context(["example.org"])
    trusting = ssl.create_default_context(cafile=authority.certificate_path)
    trusting.verify_flags &= ~ssl.VERIFY_X509_STRICT  # Python 3.13 asks for the identifier
    client, _ = shake_hands(trusting, context, "example.org")

    assert client.verified


def test_a_certificate_that_claims_nothing_is_no_authority(tmp_path: Path) -> None:
    """Without BasicConstraints no client would accept its leaves: it is refused at once."""
    key = ec.generate_private_key(ec.SECP256R1())
    (tmp_path / KEY_FILE).write_bytes(authority_file(key, bare_certificate(key, is_ca=False)))
    with pytest.raises(AuthorityError, match="is not a CA's"):
        Authority.open(tmp_path)


def test_a_folder_that_cannot_be_had_is_said(tmp_path: Path) -> None:
    """A file where the folder should be is one line that names --ca-dir."""
    (tmp_path / "file").touch()
    with pytest.raises(AuthorityError, match=r"Not a directory; .* --ca-dir"):
        Authority.open(tmp_path / "file" / "ca")
