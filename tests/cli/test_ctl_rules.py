import json
from pathlib import Path

import pytest

from tests.cli.commanding import MESSAGE, ctl
from tests.cli.running import eventually, exchange, proxy
from xmppspy.errors import RequestRefused, UsageError

RULES = '[[rule]]\nname = "quiet"\nfilter = "message c2s"\nactions = ["drop"]\n'
PRESENCE = b"<presence/>"


def test_rules_of_a_running_proxy(tmp_path: Path) -> None:
    """Listed, switched, read again when told so and when saved; a mistake keeps those from before."""
    file = tmp_path / "rules.toml"
    file.write_text(RULES)
    with proxy(tmp_path, "-q", "--rules", str(file)) as running:
        with running.client() as client:
            client.sendall(MESSAGE)
            exchange(client, PRESENCE)
            listed = ctl(running, "rules").output.splitlines()
            off = json.loads(ctl(running, "rules", "off", "quiet", "--json").output)
            exchange(client, MESSAGE)
            file.write_text(RULES.replace("quiet", "silent"))
            ctl(running, "rules", "reload")
            client.sendall(MESSAGE)
            exchange(client, PRESENCE)
            file.write_text(RULES.replace("message c2s", "mesage"))
            eventually(lambda: any("unknown word mesage" in line for line in running.said))
            with pytest.raises(
                RequestRefused, match=r"line 3: unknown word mesage.*\n +mesage\n +\^"
            ):
                ctl(running, "rules", "reload")
            client.sendall(MESSAGE)
            exchange(client, PRESENCE)
        with pytest.raises(RequestRefused, match="there is no rule quiet"):
            ctl(running, "rules", "on", "quiet")
        running.stop()
    notes = [line["text"] for line in running.lines() if line.get("event") == "note"]

    assert listed[1].split() == ["on", "quiet", "message", "c2s", "drop", "1", "1"]
    assert off["rules"][0]["on"] is False
    assert "rules: 0 of 1 are on" in notes
    assert any("unknown word mesage" in note for note in notes)
    assert "xmppspy: rules: 1 of 1 are on" in running.said


def test_no_rules(tmp_path: Path) -> None:
    """Without a file there are none, and nothing to read again."""
    with proxy(tmp_path, "-q") as running:
        assert ctl(running, "rules").output.startswith("there are no rules")
        with pytest.raises(RequestRefused, match="--rules FILE"):
            ctl(running, "rules", "reload")
        with pytest.raises(RequestRefused, match=r"there is no rule x; there are none$"):
            ctl(running, "rules", "off", "x")
        with pytest.raises(UsageError, match="leave out 'x'"):
            ctl(running, "rules", "reload", "x")
