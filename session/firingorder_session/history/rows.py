"""Between rows of the database and the plain records that everything else knows."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from firingorder_signal.blocks import Side

from ..errors import UnreadableFile
from .models import RecordingRow, ResultRow, VisitRow
from .records import FiledRecording, FiledSet

#: `Origin.SIMULATED` as it is written.
SIMULATED = "simulated"
#: What our recordings end in: those alone have a checksum chain.
FO = ".fo"


def read_recording(row: RecordingRow) -> FiledRecording:
    """Read one row."""
    code, day = row.visit.subject.code, row.visit.day
    return FiledRecording(code, day, row.identity, Path(row.path), row.created, row.checksum, row.host)


def read_set(row: ResultRow) -> FiledSet:
    """Read one row."""
    low, high = row.ci_low_s, row.ci_high_s
    return FiledSet(
        day=row.recording.visit.day,
        recording=row.recording.name,
        identity=row.recording.identity,
        path=Path(row.recording.path),
        created=row.recording.created,
        simulated=row.recording.origin == SIMULATED,
        side=Side(row.side),
        protocol=row.protocol,
        pool_key=row.pool_key,
        verdict=row.verdict,
        n_lifts=row.n_lifts,
        n_valid=row.n_valid,
        software_version=row.software_version,
        settings_hash=row.settings_hash,
        quality=row.quality,
        lag_s=row.lag_s,
        ci90_s=None if low is None or high is None else (low, high),
        p_hamstring_first=row.p_hamstring_first,
        null_lag_s=row.null_lag_s,
        glute_share=row.glute_share,
        share_reference=row.share_reference,
        active_range_deg=row.active_range_deg,
        tilt_deg=row.tilt_deg,
        hold_fatigue_percent_s=row.hold_fatigue_percent_s,
        snr_db=row.snr_db,
    )


def make_set(figures: Mapping[str, Any], identity: Mapping[str, Any], day: date) -> FiledSet:
    """Make of figures the record that they would be filed as."""
    origin = identity["origin"]
    recording = RecordingRow(
        identity=identity["id"], name=identity["name"], path="", created=identity["created"], origin=origin
    )
    recording.visit = VisitRow(day=day)
    return read_set(ResultRow(recording=recording, **figures))


def seal_of(path: Path) -> str:
    """Return the seal of a recording's checksum chain; empty where it has none, or cannot be read from here."""
    from ..keeping.verify import read_seal

    try:
        return read_seal(path) if path.suffix == FO and path.exists() else ""
    except UnreadableFile:
        return ""
