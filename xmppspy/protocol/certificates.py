"""What stands in certificates, as the standard library tells it of verified ones."""

from cryptography import x509


def alternative_names(certificate: x509.Certificate) -> tuple[tuple[str, str], ...]:
    """The domains and addresses a certificate names, as in `ssl.SSLSocket.getpeercert`.

    Pairs of `DNS` or `IP Address` and the name; none where they cannot be read.
    """
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (ValueError, x509.ExtensionNotFound):
        return ()
    domains = found.value.get_values_for_type(x509.DNSName)
    addresses = found.value.get_values_for_type(x509.IPAddress)
    return (
        *(("DNS", name) for name in domains),
        *(("IP Address", str(address)) for address in addresses),
    )
