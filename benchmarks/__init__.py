"""What the README quotes: each module prints a table of what it measured; `python -m benchmarks` runs them all."""
