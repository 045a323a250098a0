"""What stanzas mean. Fed with the events of a capture, in their order; does no I/O."""
