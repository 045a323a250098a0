"""The peers of a relay that is measured: programs of their own, so that they share nothing."""
