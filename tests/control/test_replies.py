import json

from tests.control.samples import held
from xmppspy.capture.format import encode_value


def test_keys_that_say_nothing_are_left_out() -> None:
    """Of held frames, which are sent often; `from` is called what it is."""
    line = json.loads(encode_value(held(from_="romeo@montague.example")))

    assert line["from"] == "romeo@montague.example"
    assert not {"b64", "received", "xmlns", "ns"} & {*line}
