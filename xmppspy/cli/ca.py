"""`xmppspy ca`: the CA certificate and how to trust it."""

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from xmppspy.errors import UsageError

if TYPE_CHECKING:
    from xmppspy.proxy.certs import Authority, CertificateForm

_SHOWN: Final = """\
{subject}
  SHA-256      {fingerprint}
  valid        {begin:%Y-%m-%d} to {end:%Y-%m-%d}
  certificate  {certificate}
  key          {key}

Whoever has the key can read and change what those who trust the certificate say: keep it to
yourself, and make one client trust it rather than the whole system.

One program that uses OpenSSL, Python or Go (profanity, slixmpp, go-sendxmpp):
  SSL_CERT_FILE={quoted} PROGRAM
One program that uses Node.js (xmpp.js):
  NODE_EXTRA_CA_CERTS={quoted} node PROGRAM
The whole system (Debian and its like), for clients that know no other way:
  sudo cp {quoted} /usr/local/share/ca-certificates/xmppspy-ca.crt
  sudo update-ca-certificates
  and when done: sudo rm /usr/local/share/ca-certificates/xmppspy-ca.crt
                 sudo update-ca-certificates --fresh

Other clients and phones: docs/trusting-the-ca.md\
"""

_ca_dir: Final = click.option(
    "--ca-dir", metavar="DIR", type=click.Path(path_type=Path), help="Where the CA is kept."
)


@click.group(short_help="The CA certificate and how to trust it.")
def command() -> None:
    """Show or hand out the certificate of the CA that the proxy signs with.

    A client that trusts it accepts the proxy in its server's place. The CA is made on first use.

    \b
    xmppspy ca show
    SSL_CERT_FILE=$(xmppspy ca path) profanity
    xmppspy ca export --format der -o xmppspy-ca.crt
    """


@command.command()
@_ca_dir
def show(ca_dir: Path | None) -> None:
    """Tell who the CA is and how a client comes to trust it."""
    authority = _open(ca_dir)
    certificate = authority.certificate
    click.echo(
        _SHOWN.format(
            subject=authority.subject,
            fingerprint=authority.fingerprint,
            begin=certificate.not_valid_before_utc,
            end=certificate.not_valid_after_utc,
            certificate=authority.certificate_path,
            key=authority.key_path,
            quoted=shlex.quote(str(authority.certificate_path)),
        )
    )


@command.command()
@_ca_dir
def path(ca_dir: Path | None) -> None:
    """Print the path of the CA certificate (PEM) and nothing else."""
    click.echo(_open(ca_dir).certificate_path)


@command.command()
@_ca_dir
@click.option(
    "--format", "form", type=click.Choice(["pem", "der", "p12"]), default="pem", show_default=True,
    help="p12 is a trust store for Java, with an empty password.",
)  # fmt: skip
@click.option(
    "-o", "--output", metavar="FILE", type=click.Path(path_type=Path),
    help="Write to FILE instead of standard output.",
)  # fmt: skip
def export(ca_dir: Path | None, form: "CertificateForm", output: Path | None) -> None:
    """Hand out the CA certificate, never its key."""
    authority = _open(ca_dir)
    data = authority.encoded(form)
    if output is not None and str(output) != "-":
        _write(output, data, authority)
        return
    if form != "pem" and sys.stdout.isatty():
        raise UsageError(f"{form} is binary and not for a terminal; write it with -o FILE")
    click.echo(data, nl=False)


def _open(folder: Path | None) -> "Authority":
    from xmppspy.proxy.certs import Authority

    authority = Authority.open(folder)
    for note in authority.notes:
        click.echo(f"xmppspy: {note}", err=True)
    return authority


def _write(path: Path, data: bytes, authority: "Authority") -> None:
    own = (authority.key_path, authority.certificate_path)
    if os.path.realpath(path) in [os.path.realpath(file) for file in own]:
        raise UsageError(f"{path} belongs to the CA; choose another name with -o")
    try:
        path.write_bytes(data)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}; choose another with -o") from error
