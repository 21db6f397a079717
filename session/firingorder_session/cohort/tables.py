"""The tables of a cohort: a row a set, a row a lift, a row a file that failed; the same rows in the same order always.

Values are those of `Analysis.to_json`, untouched. Source: Apache Parquet by pyarrow (extra `cohort`).
"""

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from ..exports.contract import ExportRefused, whole_file

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
    words = str(each.get("pool_key") or "").split("/")
    return words[1].split("-")[1] if len(words) > 1 else ""


def _set_row(file: str, result: Mapping[str, Any], each: Mapping[str, Any]) -> Row:
    """Return one set's row."""
    identity, ci90 = result["recording"], each["ci90_s"] or (None, None)
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
    hamstring: Mapping[str, Any] = next(
        (onset for site, onset in lift["onsets"].items() if site.startswith("hamstring")), {}
    )
    glute: Mapping[str, Any] = next(
        (onset for site, onset in lift["onsets"].items() if site.startswith("gluteus_maximus")), {}
    )
    return {
        "file": file, "recording": result["recording"].get("id"), "subject": result["recording"].get("subject"),
        "protocol": each["protocol"], "cue": _cue(each), "ci90_low_s": ci90[0], "ci90_high_s": ci90[1],
        "hamstring_s": hamstring.get("time_s"), "glute_s": glute.get("time_s"),
        "hamstring_snr_db": hamstring.get("snr_db"), "glute_snr_db": glute.get("snr_db"),
        "reason": _say(lift["reason"]),
        **{name: lift.get(name) for name in (
            "side", "number", "valid", "start_s", "movement_s", "hip_range_deg", "tilt_range_deg", "peak_speed_deg_s",
            "lag_s", "p_hamstring_first", "null_lag_s", "sync_uncertainty_s", "verdict",
        )},
    }  # fmt: skip


def _say(reason: Any) -> str | None:
    """Return the code of a reason."""
    return None if reason is None else str(reason.get("code") if isinstance(reason, dict) else reason)


def _as_text(value: Any) -> Any:
    """Return a value; `?` in a text for what is no letter, such as a byte of a file's name in another code."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def write_table(rows: Sequence[Row], columns: Mapping[str, str], path: Path) -> Path:
    """Write rows as Parquet, or as CSV where the file is called so.

    Raises
    ------
    ExportRefused
        pyarrow is not installed, or the file cannot be written.
    """
    try:
        pa, pq, csv = (import_module(name) for name in ("pyarrow", "pyarrow.parquet", "pyarrow.csv"))
    except ImportError:
        raise ExportRefused("a cohort's tables need pyarrow; install it: pip install 'firingorder[cohort]'") from None
    schema = pa.schema([(name, pa.type_for_alias(kind)) for name, kind in columns.items()])
    table = pa.Table.from_pylist(
        [{name: _as_text(value) for name, value in row.items()} for row in rows], schema=schema
    )
    with whole_file(path) as draft:
        (csv.write_csv if path.suffix == ".csv" else pq.write_table)(table, str(draft))
    return path
