"""Recordings and results in a notebook: frames of pandas or Polars, and drawings by matplotlib (extra `notebook`).

Nothing of the three is imported before it is asked for; without them all else works.
"""
