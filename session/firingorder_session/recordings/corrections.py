"""Onsets moved by hand, as events of a recording: written behind everything else, read back by every later analysis.

A recording is never altered: a correction is one more event, and taking it back is another, which names the first by
its place. What it does to a lift is `firingorder_signal.corrections`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from firingorder_signal.blocks import Side, Site
from firingorder_signal.corrections import WITHIN_S
from firingorder_signal.pipeline import Pipeline
from firingorder_signal.results import Correction

from .recording_writer import EventRow

#: Kind of the event that moves an onset; its data is what `OnsetMoved.to_json` writes.
CORRECT_ONSET = "correct_onset"
#: Kind of the event that takes one back: `{"undoes": seq, "by": ..., "at": ...}`.
UNDO_CORRECTION = "undo_correction"

Json = Any


@dataclass(frozen=True)
class OnsetMoved:
    """One onset put by hand; number and start say in which lift, as of a lift set aside."""

    side: Side
    number: int
    start_s: float
    site: Site
    correction: Correction

    @property
    def key(self) -> tuple[Side, int, float, Site]:
        """Which onset it is."""
        return self.side, self.number, self.start_s, self.site

    def to_json(self) -> dict[str, Json]:
        """Write it as the data of a recorded event."""
        return {
            "side": self.side.value,
            "number": self.number,
            "start_s": self.start_s,
            "site": str(self.site),
            "time_s": self.correction.time_s,
            "within_s": self.correction.within_s,
            "by": self.correction.by,
            "at": self.correction.at,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Json]) -> "OnsetMoved":
        """Read it back."""
        correction = Correction(
            float(data["time_s"]), float(data.get("within_s", WITHIN_S)), str(data["by"]), str(data["at"])
        )
        site = Site.parse(str(data["site"]))
        return cls(Side(data["side"]), int(data["number"]), float(data["start_s"]), site, correction)


def find_corrections(events: Iterable[EventRow]) -> dict[int, OnsetMoved]:
    """Find the corrections that were not taken back, by the place of their event, oldest first."""
    found: dict[int, OnsetMoved] = {}
    for event in events:
        if event.kind == CORRECT_ONSET:
            found[event.seq] = OnsetMoved.from_json(event.data)
        elif event.kind == UNDO_CORRECTION:
            found.pop(int(event.data["undoes"]), None)
    return found


def apply_corrections(pipeline: Pipeline, corrections: Iterable[OnsetMoved]) -> None:
    """Tell a pipeline which onsets were moved; of two corrections of one onset the later holds."""
    for moved in corrections:
        pipeline.correct(*moved.key, moved.correction)
