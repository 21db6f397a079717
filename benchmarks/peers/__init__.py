"""Other people's onset detectors on our trials, run by an interpreter of their own; see `__main__.py`."""
