import pytest
from lxml import etree

from xmppspy.replay.attributes import attributes


@pytest.mark.parametrize("number", [0, 3, 64, 65, 50_000])
def test_attributes_of_an_element(number: int) -> None:
    """Names and values in order; fifty thousand of them take no time to speak of."""
    told = "".join(f" a{n}='{n}&lt;'" for n in range(number))
    element = etree.fromstring(f"<a xmlns:x='urn:x' x:y='z'{told}/>")
    expected = [("{urn:x}y", "z"), *((f"a{n}", f"{n}<") for n in range(number))]

    assert list(attributes(element)) == expected
