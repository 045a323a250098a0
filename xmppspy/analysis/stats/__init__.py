"""Statistics of a capture: `collector.Stats` is shown its events and makes a `Report` of numbers.

Pure numbers; what they look like is decided elsewhere.
"""
