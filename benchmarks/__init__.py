"""How fast xmppspy is, measured beside its peers: `make bench`, `python -m benchmarks`."""
