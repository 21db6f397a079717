"""One page about a cohort: how lags are spread, by test and cue, and left against right; no script, nothing to fetch.

Sets are counted, not lifts: lifts of one set are of one person on one day. The order alone has no colour of its own.
"""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from ..as_text import as_text
from ..exports.contract import whole_file
from ..figures import integer
from .run import Cohort
from .summary_drawings import SIDES, draw_left_right, draw_spread

#: So many files that could not be used are named; the table of failures has all.
MOST_FAILURES = 50

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 3rem auto; padding: 0 1rem; color: #222 }}
h1 {{ font-weight: 600 }} h2 {{ font-weight: 600; margin-top: 2.5rem }} table {{ border-collapse: collapse }}
td, th {{ padding: .2rem .9rem .2rem 0; text-align: left; vertical-align: top; overflow-wrap: anywhere }}
svg text {{ font: 12px system-ui, sans-serif }}
.quiet {{ color: #606060 }}
</style></head><body>
<h1>{title}</h1>
{body}
<p class="quiet">Lag = onset of the gluteus maximus minus onset of the hamstring: above 0 the hamstring came first,
which is the usual finding in healthy people. FiringOrder describes muscle timing; it is not a medical device.</p>
</body></html>
"""


def write_summary(cohort: Cohort, title: str, path: Path) -> Path:
    """Write the page; raise ExportRefused where that fails."""
    judged = [row for row in cohort.sets if row["lag_s"] is not None]
    parts = [
        f"<p>{cohort.n_recordings} recordings, {len(cohort.sets)} sets, {len(judged)} with a lag, "
        f"{len(cohort.failures)} recordings that could not be used.</p>"
    ]
    for (protocol, cue), rows in group_sets(judged).items():
        named = f"{protocol.replace('_', ' ')}, {'no cue' if cue in ('', 'none') else f'cue: {cue}'}"
        parts += [f"<h2>{escape(named)}</h2>", _table(rows), draw_spread(_by_side(rows))]
    pairs = left_right(judged)
    if pairs:
        parts += [
            "<h2>Left against right</h2>",
            f"<p>{len(pairs)} recordings with both sides.</p>",
            draw_left_right(pairs),
        ]
    parts += ["<h2>Verdicts</h2>", _verdicts(cohort.sets)]
    if cohort.failures:
        parts += ["<h2>Could not be used</h2>", _failures(cohort)]
    with whole_file(path) as draft:
        draft.write_text(as_text(_PAGE.format(title=escape(title), body="\n".join(parts))), "utf-8")
    return path


def group_sets(rows: Sequence[dict[str, Any]]) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Return sets by test and cue, which are never pooled."""
    groups = dict[tuple[str, str], list[dict[str, Any]]]()
    for row in rows:
        groups.setdefault((str(row["protocol"]), str(row["cue"])), []).append(row)
    return dict(sorted(groups.items()))


def lags_ms(rows: Sequence[dict[str, Any]]) -> list[float]:
    """Return the lags of sets, milliseconds."""
    return [1000.0 * row["lag_s"] for row in rows]


def _by_side(rows: Sequence[dict[str, Any]]) -> dict[str, list[float]]:
    """Return the lags of each side that there is, milliseconds."""
    sides = {side: lags_ms([row for row in rows if row["side"] == side]) for side, _, _ in SIDES}
    return {side: lags for side, lags in sides.items() if lags}


def _failures(cohort: Cohort) -> str:
    """Return the files that could not be used and why, and where the rest of them is told."""
    rows = list[str]()
    for each in cohort.failures[:MOST_FAILURES]:
        reason = each["reason"].removeprefix(f"{each['file']}: ")  # the name is in the first column
        rows.append(f"<tr><td>{escape(Path(each['file']).name)}</td><td>{escape(reason)}</td></tr>")
    more = len(cohort.failures) - len(rows)
    rest = f"<p>And {more} more, in {escape(cohort.files[2].name)}.</p>" if more > 0 else ""
    return f"<table>{''.join(rows)}</table>{rest}"


def _table(rows: Sequence[dict[str, Any]]) -> str:
    """Return median and quartiles, by side."""
    lines = ["<table><tr><th>side</th><th>sets</th><th>median lag</th><th>middle half</th></tr>"]
    for side, lags in _by_side(rows).items():
        low, high = (integer(each) for each in np.percentile(lags, [25, 75]))
        cells = side or "not stated", str(len(lags)), f"{integer(median(lags))} ms", f"{low} to {high} ms"
        lines.append(f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>")
    return "".join([*lines, "</table>"])


def left_right(rows: Sequence[dict[str, Any]]) -> list[tuple[float, float]]:
    """Return the lags of both sides of each recording that has them, by test and cue, milliseconds."""
    found = dict[tuple[str, str, str], dict[str, float]]()
    for row in rows:
        found.setdefault((row["file"], row["protocol"], row["cue"]), {})[row["side"]] = 1000.0 * row["lag_s"]
    return [(lags["left"], lags["right"]) for lags in found.values() if {"left", "right"} <= lags.keys()]


def _verdicts(rows: Sequence[dict[str, Any]]) -> str:
    """Return how many sets had which verdict, with the reasons where there was none."""
    counts = dict[tuple[str, str], int]()
    for row in rows:
        key = str(row["verdict"]).replace("_", " "), str(row["reason"] or "").replace("_", " ")
        counts[key] = counts.get(key, 0) + 1
    lines = "".join(
        f"<tr><td>{escape(verdict)}</td><td>{escape(reason)}</td><td>{n}</td></tr>"
        for (verdict, reason), n in sorted(counts.items())
    )
    return f"<table><tr><th>verdict</th><th>reason</th><th>sets</th></tr>{lines}</table>"
