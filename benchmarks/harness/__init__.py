"""What all cases share: programs and relays, traffic and captures, rounds and the report."""
