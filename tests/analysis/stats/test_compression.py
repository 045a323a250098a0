import zlib

from xmppspy.analysis.stats.compression import MAX_MEASURED, MAX_STREAMS, Compression


def test_each_direction_is_a_stream_of_its_own() -> None:
    """The compressed bytes are those of one zlib stream that is flushed after each frame."""
    stanza = (
        b"<message to='romeo@montague.example'><body>Wherefore art thou Romeo?</body></message>"
    )
    compression = Compression()
    for _ in range(3):
        compression.add(1, "c2s", stanza)
    compression.add(1, "s2c", b"<r/>")
    stream = zlib.compressobj()
    expected = sum(
        len(stream.compress(stanza)) + len(stream.flush(zlib.Z_SYNC_FLUSH)) for _ in range(3)
    )

    assert compression.plain == {"c2s": 3 * len(stanza), "s2c": 4}
    assert compression.compressed["c2s"] == expected
    assert expected < len(stanza) + 60
    assert compression.compressed["s2c"] > 4


def test_a_stream_ends_with_its_connection() -> None:
    """A new connection of the same number begins with an empty dictionary."""
    once, twice = Compression(), Compression()
    stanza = b"<presence from='juliet@capulet.example/balcony' type='unavailable'/>"
    for compression in (once, twice):
        compression.add(1, "c2s", stanza)
    twice.close(1)
    for compression in (once, twice):
        compression.add(1, "c2s", stanza)

    assert twice.compressed["c2s"] > once.compressed["c2s"]


def test_streams_are_bounded() -> None:
    """Beyond the limit bytes are only counted, until a connection ends."""
    compression = Compression()
    for conn in range(MAX_STREAMS + 1):
        compression.add(conn, "c2s", b"<presence/>")
    compression.close(0)
    compression.add(MAX_STREAMS, "c2s", b"<r/>")

    assert compression.unmeasured == len(b"<presence/>")
    assert compression.plain["c2s"] == MAX_STREAMS * len(b"<presence/>") + 4


def test_only_the_first_megabyte_is_measured() -> None:
    """What a stream says behind it is counted, but not compressed; other streams still are."""
    compression = Compression()
    for _ in range(2):
        compression.add(1, "c2s", bytes(MAX_MEASURED))
    compression.add(2, "c2s", b"<r/>")

    assert compression.plain["c2s"] == MAX_MEASURED + 4
    assert compression.beyond == MAX_MEASURED
    assert compression.compressed["c2s"] < MAX_MEASURED / 100
