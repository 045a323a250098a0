"""Captures played again: on the terminal, to a client as its server, to a server as its client."""
