"""The tests' own client against the servers themselves: what each of them takes and refuses."""

import pytest

from tests.real.clients import Endpoint
from tests.real.conftest import Authority
from tests.real.scram_client import Login, RefusedError, Stream, logged_in, talks_to_itself
from tests.real.servers import Server

BOUND = {
    ("ejabberd", "1.2"): ["SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-512-PLUS"],
    ("ejabberd", "1.3"): ["SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-512-PLUS"],
    ("prosody", "1.2"): ["SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS"],
    ("prosody", "1.3"): [],
}
"""The mechanisms with channel binding that a server offers on each version of TLS."""


@pytest.fixture(params=["1.2", "1.3"])
def version(request: pytest.FixtureRequest) -> str:
    """The version of TLS."""
    return str(request.param)


@pytest.fixture
def endpoint(server: Server, authority: Authority) -> Endpoint:
    """The server itself."""
    return Endpoint(server.starttls_port, "starttls", authority.certificate)


def test_bound_mechanisms_are_offered(server: Server, endpoint: Endpoint, version: str) -> None:
    """What a server offers depends on the version of TLS; neither lists its binding types."""
    stream = Stream(endpoint, version)
    stream.close()

    assert (
        sorted(name for name in stream.offered() if name.endswith("-PLUS"))
        == BOUND[server.name, version]
    )
    assert stream.binding_types() == []


def test_bound_logins_succeed(server: Server, endpoint: Endpoint, version: str) -> None:
    """Both servers know tls-unique only; ejabberd takes it even where TLS 1.3 has no such thing."""
    for mechanism in BOUND[server.name, version]:
        with logged_in(endpoint, version, Login(mechanism, "tls-unique")) as stream:
            assert talks_to_itself(stream, mechanism)


@pytest.mark.parametrize("binding", ["tls-exporter", "tls-server-end-point"])
def test_other_bindings_are_refused(
    server: Server, endpoint: Endpoint, version: str, binding: str
) -> None:
    """With a condition of each server's own."""
    condition = {"ejabberd": "not-authorized", "prosody": "malformed-request"}[server.name]
    for mechanism in BOUND[server.name, version]:
        with pytest.raises(RefusedError, match=condition):
            with logged_in(endpoint, version, Login(mechanism, binding)):
                pass


@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-1", "SCRAM-SHA-256", "PLAIN"])
def test_unbound_logins_succeed(endpoint: Endpoint, version: str, mechanism: str) -> None:
    """The flag `n` is always taken."""
    with logged_in(endpoint, version, Login(mechanism)) as stream:
        assert talks_to_itself(stream, mechanism)


def test_flag_y_is_refused_where_binding_is_offered(server: Server, endpoint: Endpoint) -> None:
    """By Prosody, as RFC 5802 §6 asks; not by this ejabberd."""
    login = Login("SCRAM-SHA-1", "y")
    if server.name == "prosody":
        with pytest.raises(RefusedError, match="malformed-request"):
            with logged_in(endpoint, "1.2", login):
                pass
    else:
        with logged_in(endpoint, "1.2", login) as stream:
            assert talks_to_itself(stream, "y")


def test_wrong_password_is_refused(endpoint: Endpoint, version: str) -> None:
    """As not authorized."""
    with pytest.raises(RefusedError, match="not-authorized"):
        with logged_in(endpoint, version, Login("SCRAM-SHA-1", password="sweet")):
            pass
