"""Results as columns: sets and lifts as a cohort's tables have them, and beside them a row for each muscle's onset."""

from collections.abc import Mapping, Sequence
from typing import Any

from firingorder_signal.results import SetResult

from ..cohort.run import Cohort
from ..cohort.tables import FAILURES, LIFTS, NUMBER, SETS, TEXT, WHOLE, YES_NO, Row, lift_rows, set_rows
from ..judging.analysis import Analysis
from ..judging.results_json import write_set
from .columns import Columns, columns_of

#: A row for each muscle of each lift.
ONSETS: dict[str, str] = {
    "file": TEXT, "recording": TEXT, "side": TEXT, "number": WHOLE, "valid": YES_NO, "site": TEXT, "time_s": NUMBER,
    "ci90_low_s": NUMBER, "ci90_high_s": NUMBER, "snr_db": NUMBER, "rise_s": NUMBER, "reference_s": NUMBER,
    "estimator": TEXT, "corrected_s": NUMBER, "reason": TEXT,
}  # fmt: skip
#: What a set by itself does not know: which recording it is of.
_OF_RECORDING = ("file", "recording", "created", "subject", "software_version", "settings_hash", "notes")


def analysis_columns(analysis: Analysis, what: str) -> Columns:
    """Return a table of a recording's result; its name stands where a cohort has the file."""
    kinds = {"sets": SETS, "lifts": LIFTS, "onsets": ONSETS}[what]
    return columns_of(_rows(analysis.identity["name"], analysis.to_json(), what), kinds)


def set_columns(result: SetResult, what: str) -> Columns:
    """Return a table of a set; without the columns of the recording and of the cue, which it does not know."""
    whole: dict[str, Any] = {
        "recording": {},
        "software_version": "",
        "settings_hash": "",
        "notes": [],
        "sets": [write_set(result)],
    }
    kinds = {"sets": SETS, "lifts": LIFTS, "onsets": ONSETS}[what]
    unknown = (*_OF_RECORDING, "cue", "pool_key")
    return columns_of(_rows("", whole, what), {name: kind for name, kind in kinds.items() if name not in unknown})


def cohort_columns(cohort: Cohort, what: str) -> Columns:
    """Return a table of a cohort, as it was written."""
    rows, kinds = {
        "sets": (cohort.sets, SETS),
        "lifts": (cohort.lifts, LIFTS),
        "failures": (cohort.failures, FAILURES),
    }[what]
    return columns_of(rows, kinds)


def _rows(name: str, result: Mapping[str, Any], what: str) -> Sequence[Row]:
    """Return the rows of a table from a result as JSON."""
    if what == "onsets":
        return [
            _onset_row(name, result["recording"].get("id"), each["side"], lift, site, onset)
            for each in result["sets"]
            for lift in each["lifts"]
            for site, onset in lift["onsets"].items()
        ]
    return (set_rows if what == "sets" else lift_rows)(name, result)


def _onset_row(
    name: str, content_id: str | None, side: str, lift: Mapping[str, Any], site: str, onset: Mapping[str, Any]
) -> Row:
    """Return the row of one muscle in one lift."""
    low_s, high_s = onset["ci90_s"] or (None, None)
    return {
        "file": name, "recording": content_id, "side": side, "number": lift["number"], "valid": lift["valid"],
        "site": site, "ci90_low_s": low_s, "ci90_high_s": high_s,
        "corrected_s": onset.get("corrected", {}).get("time_s"),
        "reason": onset["reason"]["code"] if onset["reason"] else None,
        **{key: onset[key] for key in ("time_s", "snr_db", "rise_s", "reference_s", "estimator")},
    }  # fmt: skip
