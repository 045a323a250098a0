from scramp import ScramClient, ScramMechanism

from xmppspy.demo.accounts import MECHANISM, Account


def test_password_is_not_kept() -> None:
    """An account checks proofs of a password that it does not hold."""
    account = Account.create("nurse@verona.example", "aqua vitae")
    client = ScramClient([MECHANISM], "nurse", "aqua vitae")
    server = ScramMechanism(MECHANISM).make_server(lambda _: account.verifier)
    server.set_client_first(client.get_client_first())
    client.set_server_first(server.get_server_first())
    server.set_client_final(client.get_client_final())
    client.set_server_final(server.get_server_final())

    assert b"aqua vitae" not in account.verifier
    assert "verifier" not in repr(account)
