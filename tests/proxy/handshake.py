"""A TLS handshake in memory, between contexts of either engine."""

from xmppspy.protocol.tls import TLSContext, TLSPipe


def shake_hands(client: TLSContext, server: TLSContext, name: str) -> tuple[TLSPipe, TLSPipe]:
    """Both sides of a handshake that is complete, and has carried a word each way."""
    one = TLSPipe(client, server_side=False, server_hostname=name)
    other = TLSPipe(server, server_side=True)
    while not (one.established and other.established):
        other.receive_data(one.data_to_send())
        one.receive_data(other.data_to_send())
    one.send(b"ping")
    other.receive_data(one.data_to_send())
    other.send(other.read())
    one.receive_data(other.data_to_send())
    assert one.read() == b"ping"
    return one, other
