import pytest

from xmppspy.errors import UsageError
from xmppspy.proxy.domains import Domains


def test_nobody_is_taken_elsewhere_unless_told() -> None:
    """Without a list there is none."""
    assert "example.org" not in Domains()
    assert "example.org" in Domains(everything=True)


def test_a_list_names_domains_and_what_is_below_them() -> None:
    """`*.` stands for what is below; neither includes the other, nor what only looks like it."""
    domains = Domains.parse(["Example.ORG.", "*.example.net", "bücher.example"])
    asked = ["example.org", "a.example.org", "a.b.example.net", "example.net", "anexample.net"]

    assert [name in domains for name in asked] == [True, False, True, False, False]
    assert "xn--bcher-kva.example" in domains


@pytest.mark.parametrize("pattern", ["", "*", "*.", "a.*.b", "a/b", "a:5222", "me@a", "a\n", "*a"])
def test_what_is_no_domain(pattern: str) -> None:
    """The error says how one is written."""
    with pytest.raises(UsageError, match=r"\*\.DOMAIN"):
        Domains.parse([pattern])
