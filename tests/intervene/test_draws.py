from xmppspy.intervene.draws import Draws


def test_the_same_seed_draws_the_same() -> None:
    """However the draws of different rules are mixed."""
    one, other = Draws(7, 1), Draws(7, 1)
    first = [one.of("a", "c2s").random() for _ in range(3)]
    mixed = [(other.of("b", "c2s").random(), other.of("a", "c2s").random()) for _ in range(3)]

    assert [second for _, second in mixed] == first


def test_seed_connection_rule_and_direction_all_count() -> None:
    """Two that differ in one of them draw differently."""
    drawn = {
        Draws(seed, conn).of(name, direction).random()
        for seed in (0, 7)
        for conn in (1, 2)
        for name in ("a", "b")
        for direction in ("c2s", "s2c")
    }

    assert len(drawn) == 2 * 2 * 2 * 2


def test_a_connection_is_drawn_once() -> None:
    """However often it is asked for."""
    draws = Draws(7, 1)

    assert draws.once("a") == draws.once("a") == Draws(7, 1).once("a")
    assert len({Draws(7, conn).once("a") for conn in range(20)}) == 20
