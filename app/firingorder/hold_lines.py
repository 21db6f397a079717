"""The holds of a static set as lines in a terminal, in the words of the window."""

from collections.abc import Sequence
from textwrap import wrap

from firingorder_gui.effort import summary_lines
from firingorder_gui.texts import ENGLISH
from firingorder_session.events.effort_events import HoldSummary
from firingorder_signal.effort import ReferenceSource

WIDTH = 100


def write_holds(summaries: Sequence[HoldSummary]) -> str:
    """Write each hold: its muscles, what 100 % is, slopes or why there are none."""
    if not summaries:
        return "\nno hold was measured"
    lines: list[str] = []
    for summary in summaries:
        (title, _), *told = summary_lines(summary, [muscle.site for muscle in summary.muscles], ENGLISH)
        lines += ["", f"{title}, {summary.hold.time_s - summary.hold.start_s:.0f} s:"]
        for text, is_first in told:
            indent = "  " if is_first else "    "
            lines += wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent)
    if any(each.reference and each.reference.source is ReferenceSource.STRONGEST for each in summaries[-1].muscles):
        lines += ["", f"  {ENGLISH.effort.units[ReferenceSource.STRONGEST]}"]
    return "\n".join(lines)
