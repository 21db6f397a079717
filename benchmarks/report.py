"""A table of measurements, as Markdown."""

import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Table:
    """A title, a head and rows of text."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]

    def to_markdown(self) -> str:
        """Write it the way the README quotes it."""
        lines = [f"### {self.title}", "", _row(self.head), "|" + "---|" * len(self.head)]
        return "\n".join([*lines, *(_row(row) for row in self.rows), ""])


def _row(cells: Sequence[str]) -> str:
    """Write one row."""
    return "| " + " | ".join(cells) + " |"


def describe_machine() -> str:
    """Say on what it was measured."""
    cpu = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    return f"{cpu}, {platform.system()} {platform.machine()}, Python {platform.python_version()}"


if __name__ == "__main__":  # `python -m benchmarks report`: what a report costs
    from benchmarks.report_cost import main

    sys.exit(main())
