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
from .run import Cohort

#: Lags are drawn within this, milliseconds; what is beyond is counted into the outermost bars.
SHOWN_MS = 300
BIN_MS = 20
#: Okabe & Ito 2008: blue and vermilion for the two sides, grey for what both share.
LEFT, RIGHT, PLAIN = "#0072B2", "#D55E00", "#606060"
_CENTRED, _RING = 'text-anchor="middle"', f'fill="none" stroke="{PLAIN}" stroke-width="1.5"'

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 3rem auto; padding: 0 1rem; color: #222 }}
h1 {{ font-weight: 600 }} h2 {{ font-weight: 600; margin-top: 2.5rem }} table {{ border-collapse: collapse }}
td, th {{ padding: .2rem .9rem .2rem 0; text-align: left; vertical-align: top }}
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
        parts += [f"<h2>{escape(named)}</h2>", _table(rows), _histogram(rows)]
    pairs = left_right(judged)
    if pairs:
        parts += ["<h2>Left against right</h2>", f"<p>{len(pairs)} recordings with both sides.</p>", _scatter(pairs)]
    parts += ["<h2>Verdicts</h2>", _verdicts(cohort.sets)]
    if cohort.failures:
        rows_html = "".join(
            f"<tr><td>{escape(Path(each['file']).name)}</td><td>{escape(each['reason'])}</td></tr>"
            for each in cohort.failures[:50]
        )
        parts += ["<h2>Could not be used</h2>", f"<table>{rows_html}</table>"]
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


def _table(rows: Sequence[dict[str, Any]]) -> str:
    """Return median and quartiles, by side."""
    lines = ["<table><tr><th>side</th><th>sets</th><th>median lag</th><th>middle half</th></tr>"]
    for side in ("left", "right", ""):
        lags = lags_ms([row for row in rows if row["side"] == side])
        if lags:
            low, high = np.percentile(lags, [25, 75])
            name = side or "not stated"
            cells = name, str(len(lags)), f"{median(lags):.0f} ms", f"{low:.0f} to {high:.0f} ms"
            lines.append(f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>")
    return "".join([*lines, "</table>"])


def _histogram(rows: Sequence[dict[str, Any]]) -> str:
    """Return the spread of the lags as bars, the sides on top of each other."""
    edges = np.arange(-SHOWN_MS, SHOWN_MS + BIN_MS, BIN_MS)
    counts = {
        side: np.histogram(
            np.clip(lags_ms([row for row in rows if row["side"] == side]), -SHOWN_MS, SHOWN_MS - 1), edges
        )[0]
        for side in ("left", "right", "")
    }
    most = max(int(np.max(sum(counts.values()))), 1)
    width, height, shapes = 640, 160, list[str]()
    for number in range(len(edges) - 1):
        top = float(height)
        for side, colour in (("left", LEFT), ("right", RIGHT), ("", PLAIN)):
            tall = height * int(counts[side][number]) / most
            top -= tall
            if tall:
                x = 20 + width * number / (len(edges) - 1)
                shapes.append(
                    f'<rect x="{x:.1f}" y="{top:.1f}" width="{width / (len(edges) - 1) - 1:.1f}" height="{tall:.1f}" '
                    f'fill="{colour}"><title>{int(counts[side][number])} {side}</title></rect>'
                )
    marks = "".join(
        f'<text x="{20 + width * (at + SHOWN_MS) / (2 * SHOWN_MS):.0f}" y="{height + 18}" {_CENTRED}>{at}</text>'
        for at in range(-SHOWN_MS, SHOWN_MS + 1, 100)
    )
    below = height + 38
    legend = (
        f'<text x="20" y="{below}">lag, ms; sets</text><text x="140" y="{below}" fill="{LEFT}">■ L left</text>'
        f'<text x="220" y="{below}" fill="{RIGHT}">■ R right</text>'
    )
    zero = 20 + width / 2
    axis = f'<line x1="{zero}" x2="{zero}" y1="0" y2="{height}" stroke="#222" stroke-dasharray="3 3"/>'
    name = f"spread of {len(rows)} set lags"
    drawn = "".join([*shapes, axis, marks, legend])
    return f'<svg role="img" aria-label="{name}" width="690" height="{height + 46}">{drawn}</svg>'


def left_right(rows: Sequence[dict[str, Any]]) -> list[tuple[float, float]]:
    """Return the lags of both sides of each recording that has them, by test and cue, milliseconds."""
    found = dict[tuple[str, str, str], dict[str, float]]()
    for row in rows:
        found.setdefault((row["file"], row["protocol"], row["cue"]), {})[row["side"]] = 1000.0 * row["lag_s"]
    return [(lags["left"], lags["right"]) for lags in found.values() if {"left", "right"} <= lags.keys()]


def _scatter(pairs: Sequence[tuple[float, float]]) -> str:
    """Return a point a recording: left across, right upwards; on the line both are alike."""
    size = 320

    def place(value_ms: float) -> float:
        return size * (min(max(value_ms, -SHOWN_MS), SHOWN_MS) + SHOWN_MS) / (2 * SHOWN_MS)

    points = "".join(
        f'<circle cx="{20 + place(left):.1f}" cy="{size - place(right):.1f}" r="4" {_RING}/>' for left, right in pairs
    )
    line = f'<line x1="20" y1="{size}" x2="{20 + size}" y2="0" stroke="#bbb"/>'
    words = f"left lag, ms: -{SHOWN_MS} to {SHOWN_MS}; right lag upwards, the same scale"
    text = f'<text x="20" y="{size + 18}">{words}</text>'
    return (
        f'<svg role="img" aria-label="left against right" width="420" height="{size + 26}">{line}{points}{text}</svg>'
    )


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
