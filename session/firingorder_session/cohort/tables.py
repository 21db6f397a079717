"""The tables of a cohort: a row a set, a row a lift, a row a file that failed; the same rows in the same order always.

Values are those of `Analysis.to_json`, untouched. Source: Apache Parquet by pyarrow (extra `cohort`).
"""

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from ..as_text import as_text
from ..exports.contract import ExportRefused, whole_file
from ..protocols.pool_key import PoolKey

#: Column -> type, for sets, lifts and failures. Columns that a recording has no value for are null.
TEXT, NUMBER, WHOLE, YES_NO = "string", "float64", "int64", "bool"
_FILE = {
    "file": TEXT,
    "recording": TEXT,
    "created": TEXT,
    "subject": TEXT,
    "software_version": TEXT,
    "settings_hash": TEXT,
}
SETS: dict[str, str] = {
    **_FILE, "side": TEXT, "protocol": TEXT, "cue": TEXT, "pool_key": TEXT, "verdict": TEXT, "reason": TEXT,
    "lag_s": NUMBER, "ci90_low_s": NUMBER, "ci90_high_s": NUMBER, "null_lag_s": NUMBER, "band_s": NUMBER,
    "sync_class": TEXT, "n_lifts": WHOLE, "n_valid": WHOLE, "active_range_deg": NUMBER, "passive_range_deg": NUMBER,
    "tilt_deg": NUMBER, "notes": TEXT,
}  # fmt: skip
LIFTS: dict[str, str] = {
    "file": TEXT, "recording": TEXT, "subject": TEXT, "side": TEXT, "protocol": TEXT, "cue": TEXT, "number": WHOLE,
    "valid": YES_NO, "start_s": NUMBER, "movement_s": NUMBER, "hip_range_deg": NUMBER, "tilt_range_deg": NUMBER,
    "peak_speed_deg_s": NUMBER, "hamstring_s": NUMBER, "glute_s": NUMBER, "hamstring_snr_db": NUMBER,
    "glute_snr_db": NUMBER, "lag_s": NUMBER, "ci90_low_s": NUMBER, "ci90_high_s": NUMBER,
    "p_hamstring_first": NUMBER, "null_lag_s": NUMBER, "sync_uncertainty_s": NUMBER, "verdict": TEXT, "reason": TEXT,
}  # fmt: skip
FAILURES: dict[str, str] = {"file": TEXT, "reason": TEXT}

Row = dict[str, Any]


def set_rows(file: str, result: Mapping[str, Any]) -> list[Row]:
    """Return a row a set of one recording."""
    return [_set_row(file, result, each) for each in result["sets"]]


def lift_rows(file: str, result: Mapping[str, Any]) -> list[Row]:
    """Return a row a lift of one recording."""
    return [_lift_row(file, result, each, lift) for each in result["sets"] for lift in each["lifts"]]


def _cue(each: Mapping[str, Any]) -> str:
    """Return the muscle that was named while lifting, from the set's pool key (`pool_key.PoolKey`)."""
    key = str(each.get("pool_key") or "")
    return (PoolKey.parse(key).muscle_cue or "none") if key else ""


def _set_row(file: str, result: Mapping[str, Any], each: Mapping[str, Any]) -> Row:
    """Return one set's row."""
    identity: Mapping[str, Any] = result["recording"]
    ci90 = each["ci90_s"] or (None, None)
    return {
        "file": file, "recording": identity.get("id"), "created": identity.get("created"),
        "subject": identity.get("subject"), "software_version": result["software_version"],
        "settings_hash": result["settings_hash"], "cue": _cue(each), "reason": _say(each["reason"]),
        "ci90_low_s": ci90[0], "ci90_high_s": ci90[1], "tilt_deg": each["pelvis_medians"].get("tilt_deg"),
        "notes": "; ".join(result["notes"]),
        **{name: each.get(name) for name in (
            "side", "protocol", "pool_key", "verdict", "lag_s", "null_lag_s", "band_s", "sync_class", "n_lifts",
            "n_valid", "active_range_deg", "passive_range_deg",
        )},
    }  # fmt: skip


def _lift_row(file: str, result: Mapping[str, Any], each: Mapping[str, Any], lift: Mapping[str, Any]) -> Row:
    """Return one lift's row."""
    ci90 = lift["ci90_s"] or (None, None)
    hamstring, glute = _onset_of(lift, "hamstring"), _onset_of(lift, "gluteus_maximus")
    return {
        "file": file, "recording": result["recording"].get("id"), "subject": result["recording"].get("subject"),
        "protocol": each["protocol"], "cue": _cue(each), "ci90_low_s": ci90[0], "ci90_high_s": ci90[1],
        "hamstring_s": _time_of(hamstring), "glute_s": _time_of(glute),
        "hamstring_snr_db": hamstring.get("snr_db"), "glute_snr_db": glute.get("snr_db"),
        "reason": _say(lift["reason"]),
        **{name: lift.get(name) for name in (
            "side", "number", "valid", "start_s", "movement_s", "hip_range_deg", "tilt_range_deg", "peak_speed_deg_s",
            "lag_s", "p_hamstring_first", "null_lag_s", "sync_uncertainty_s", "verdict",
        )},
    }  # fmt: skip


def _onset_of(lift: Mapping[str, Any], muscle: str) -> Mapping[str, Any]:
    """Return a muscle's onset in a lift, whose muscles are all of one side; empty where it was not measured."""
    onsets: Mapping[str, Mapping[str, Any]] = lift["onsets"]
    return next((onset for site, onset in onsets.items() if site.startswith(muscle)), dict[str, Any]())


def _time_of(onset: Mapping[str, Any]) -> float | None:
    """Return when an onset was, where a person has put it if one has: the lag is told from that."""
    time_s: float | None = (onset.get("corrected") or onset).get("time_s")
    return time_s


def _say(reason: Mapping[str, Any] | None) -> str | None:
    """Return the code of a reason."""
    return None if reason is None else str(reason["code"])


def require_arrow() -> tuple[Any, Any, Any]:
    """Return the modules that write tables; raise ExportRefused where they are not installed."""
    try:
        pa, pq, csv = (import_module(name) for name in ("pyarrow", "pyarrow.parquet", "pyarrow.csv"))
    except ImportError:
        raise ExportRefused("a cohort's tables need pyarrow; install it: pip install 'firingorder[cohort]'") from None
    return pa, pq, csv


def write_table(rows: Sequence[Row], columns: Mapping[str, str], path: Path) -> Path:
    """Write rows as Parquet, or as CSV where the file is called so.

    Raises
    ------
    ExportRefused
        pyarrow is not installed, or the file cannot be written.
    """
    pa, pq, csv = require_arrow()
    schema = pa.schema([(name, pa.type_for_alias(kind)) for name, kind in columns.items()])
    # A file's name need not be text.
    written = [
        {name: as_text(value) if isinstance(value, str) else value for name, value in row.items()} for row in rows
    ]
    table = pa.Table.from_pylist(written, schema=schema)
    with whole_file(path) as draft:
        (csv.write_csv if path.suffix == ".csv" else pq.write_table)(table, str(draft))
    return path
