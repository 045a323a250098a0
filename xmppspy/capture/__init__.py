"""The capture: events written to lines, and lines read back as events.

The format is specified in docs/capture-format.md. Nothing here knows what a stanza means.
"""
