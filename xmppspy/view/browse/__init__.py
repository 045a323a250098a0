"""Browsing a capture: any line of it at once, with what was learnt from those before it.

One process reads the capture from its beginning and writes down what it learns (`Indexer`), others
show any part of it (`Browser`) or look for what matches a filter (`Searcher`). What they share are
files without names, so that nothing grows in memory with the capture and nothing is left behind.
"""
