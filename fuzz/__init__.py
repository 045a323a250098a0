"""Fuzzing: made-up input for everything that reads what others wrote. See `python -m fuzz --help`."""
