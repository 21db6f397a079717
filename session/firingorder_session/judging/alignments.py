"""What was measured by tapping sensors together, kept for later tests: one small JSON file.

    {"4f4d4c...": {"group": "2026-05-04T10:12:00+02:00", "offset_s": 0.0113, "uncertainty_s": 0.0021,
                   "product": "oml datagram 256"}, ...}

A sensor is known by its own id. A new measurement of a sensor replaces the old one; those it was aligned with before,
and that were not measured again, are no longer aligned with it, because their group is another.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from firingorder_signal.blocks import Alignment
from firingorder_signal.errors import FiringOrderError

from ..written_whole import written_whole

Json = Any


class AlignmentsUnreadable(FiringOrderError):
    """The file of measured alignments cannot be used."""


def write_alignments(alignments: Mapping[str, Alignment]) -> dict[str, Json]:
    """Write alignments as plain JSON."""
    return {
        uid: {
            "group": each.group,
            "offset_s": each.offset_s,
            "uncertainty_s": each.uncertainty_s,
            "product": each.product,
        }
        for uid, each in sorted(alignments.items())
    }


def read_alignments(data: Mapping[str, Json]) -> dict[str, Alignment]:
    """Read alignments; raise KeyError, TypeError or ValueError where they are none."""
    return {
        uid: Alignment(
            str(each["group"]), float(each["offset_s"]), float(each["uncertainty_s"]), str(each.get("product", ""))
        )
        for uid, each in data.items()
    }


def load_alignments(path: Path) -> dict[str, Alignment]:
    """Read the file; nothing is aligned where there is none. Raise AlignmentsUnreadable for a damaged one."""
    try:
        return read_alignments(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        text = f"{path} cannot be read as measured alignments ({error}); delete it and measure again: firingorder align"
        raise AlignmentsUnreadable(text) from error


def store_alignments(path: Path, measured: Mapping[str, Alignment]) -> None:
    """Add measurements to the file; a power cut leaves the old file or the new one."""
    known = load_alignments(path) | dict(measured)
    text = json.dumps(write_alignments(known), indent=1) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with written_whole(path, on_disk=True) as draft:
            draft.write_text(text, encoding="utf-8")
    except OSError as error:
        raise AlignmentsUnreadable(f"cannot write {path} ({error.strerror or error})") from error
