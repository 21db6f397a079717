"""A test while it runs: threads, phases, guide, effort; taken up where the program died."""
