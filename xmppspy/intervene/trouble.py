"""Trouble: what keeps an intervention from being made on a certain frame."""


class TroubleError(Exception):
    """It cannot be done to this frame, which passes. Never leaves this room: it becomes a note."""
