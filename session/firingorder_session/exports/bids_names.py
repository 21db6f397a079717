"""Names and folders of a BIDS data set: subject, session and task of a recording, as the standard spells them.

Source: BIDS 1.11.0, "Common principles" and "Electromyography" (bids-specification.readthedocs.io).
"""

import hashlib
import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

from firingorder_signal.blocks import Side, Site

from ..recordings.recording import RecordingInfo

VERSION = "1.11.0"
#: Key of our own in a run's sidecar, which may have any: the `content_id` of its recording.
SOURCE = "SourceRecording"


@dataclass(frozen=True)
class BidsPlace:
    """Where a recording's files go.

    Attributes
    ----------
    root
        The data set.
    """

    root: Path
    subject: str
    session: str
    task: str
    run: int

    @property
    def prefix(self) -> str:
        """What all its files begin with."""
        return f"sub-{self.subject}_ses-{self.session}"

    @property
    def stem(self) -> str:
        """What the files of this recording begin with."""
        return f"{self.prefix}_task-{self.task}_run-{self.run:02d}"

    @property
    def folder(self) -> Path:
        """The folder of the session."""
        return self.root / f"sub-{self.subject}" / f"ses-{self.session}"

    def emg(self, ending: str) -> Path:
        """Return a file of the EMG of this recording."""
        return self.folder / "emg" / f"{self.stem}_{ending}"

    def motion(self, system: str, ending: str) -> Path:
        """Return a file of the motion of this recording."""
        stem = f"{self.prefix}_task-{self.task}_tracksys-{system}_run-{self.run:02d}"
        return self.folder / "motion" / f"{stem}_{ending}"

    def files(self) -> list[Path]:
        """Return the files of this recording that are there; those of its session are others' too."""
        return [*self.folder.glob(f"*/{self.prefix}_task-{self.task}_*run-{self.run:02d}_*")]


def find_place(root: Path, info: RecordingInfo) -> BidsPlace:
    """Return where a recording goes: a code for its subject, its day, its test; its own run, or the next free one."""
    digits = re.sub(r"\D", "", info.created[:10])
    code = label(info.subject) or hashlib.sha256(info.content_id.encode()).hexdigest()[:8]
    place = BidsPlace(root, code, digits or "00000000", camel(info.protocol) or "unknown", 1)
    while place.emg("emg.bdf").exists() and read_source(place) != info.content_id:
        place = replace(place, run=place.run + 1)
    return place


def read_source(place: BidsPlace) -> str:
    """Return of which recording a run that is there was made; empty where it does not say."""
    try:
        return str(json.loads(place.emg("emg.json").read_text("utf-8"))[SOURCE])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def label(text: str) -> str:
    """Return text as a label of BIDS: letters and digits."""
    return re.sub(r"[^A-Za-z0-9]", "", text)


def camel(text: str) -> str:
    """Return words as one.

    Examples
    --------
    >>> camel("prone_hip_extension")
    'proneHipExtension'
    """
    first, *rest = [label(word) for word in re.split(r"[\W_]+", text) if label(word)] or [""]
    return first + "".join(word.capitalize() for word in rest)


def space(site: Site) -> str:
    """Return the name of the coordinate system of a muscle: a line between two landmarks."""
    side = {Side.LEFT: "Left", Side.RIGHT: "Right", Side.MIDDLE: ""}[site.side]
    return camel(site.part) + side
