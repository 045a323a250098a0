"""What a person sees of a capture: events become text. Reads nothing, writes nothing."""
