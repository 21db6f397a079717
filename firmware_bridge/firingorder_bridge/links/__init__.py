"""The links: the only place of the bridge that does I/O."""
