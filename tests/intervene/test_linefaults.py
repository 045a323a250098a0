from xmppspy.intervene.draws import Draws
from xmppspy.intervene.linefaults import LineFaults
from xmppspy.intervene.rules import LineRule
from xmppspy.intervene.rulesfile import read_rules
from xmppspy.protocol.toxics import Bandwidth, Latency, Slicer, Timeout

SLOW = "bytes = 's2c'\nactions = [{latency = 0.1}, {slicer = 1}]"
SLOWER = "bytes = 'both'\nactions = [{latency = 0.2}]"


def rules(*tables: str) -> tuple[LineRule, ...]:
    """Rules about bytes."""
    return read_rules("".join(f"[[rule]]\n{table}\n" for table in tables), "r", str).of_lines


def test_each_direction_has_its_own_faults() -> None:
    """Of each kind the last one counts."""
    faults = LineFaults()
    faults.follow(rules(SLOW, SLOWER), Draws(0, 1))

    assert faults.of("c2s") == (Latency(0.2),)
    assert faults.of("s2c") == (Latency(0.2), Slicer(1))
    faults.follow(rules(SLOW), Draws(0, 1))
    assert faults.of("c2s") == ()
    assert faults.of("s2c") == (Latency(0.1), Slicer(1))


def test_what_frames_have_begun_goes_on() -> None:
    """As long as what has begun it is there; in its own direction."""
    faults = LineFaults()
    faults.begin("one", "s2c", (Latency(5.0), Timeout()))
    faults.begin("other", "c2s", (Bandwidth(10.0),))
    faults.follow(rules(SLOW), Draws(0, 1))

    assert faults.of("s2c") == (Latency(5.0), Slicer(1), Timeout())
    faults.end_all_but(["other"])
    assert faults.of("s2c") == (Latency(0.1), Slicer(1))
    assert faults.of("c2s") == (Bandwidth(10.0),)


def test_chance_concerns_whole_connections() -> None:
    """Both directions of one, and always the same ones."""
    some = rules(f"{SLOWER}\nprobability = 0.5")
    concerned = []
    for conn in range(100):
        faults = LineFaults()
        faults.follow(some, Draws(0, conn))
        assert faults.of("c2s") == faults.of("s2c")
        faults.follow(some, Draws(0, conn))
        concerned.append(bool(faults.of("c2s")))

    assert 30 < sum(concerned) < 70
