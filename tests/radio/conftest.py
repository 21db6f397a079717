"""Nothing to collect here: these modules are processes and helpers, and import what not every system has."""

collect_ignore_glob = ["*.py"]
