"""Error against SNR as one SVG: medians above, 90th percentiles below, a panel for each signal model and dirt.

Written by hand so that no drawing library is needed; a curve leaves its panel where too many onsets are missed.
"""

from collections.abc import Sequence
from itertools import product
from math import isfinite, log10

from benchmarks.onset.figures import error_quantile_ms
from benchmarks.onset.found import Column, FloatArray, select
from benchmarks.onset.trials import MODELS, SNRS_DB, Cell

PANEL_W, PANEL_H, LEFT, TOP, GAP, LEGEND = 230, 190, 56, 44, 18, 190
#: Range of the logarithmic axis, ms, and its lines.
LOW_MS, HIGH_MS = 1.0, 500.0
LINES_MS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
#: Okabe & Ito 2008, told apart with any colour vision; black is ours. Dashes tell the second round apart.
COLOURS = ("#000000", "#E69F00", "#56B4E9", "#009E73", "#0072B2", "#D55E00", "#CC79A7", "#999999")
DASHES = ("", "6 3", "2 2")


def draw(columns: Sequence[Column], truth: dict[Cell, FloatArray]) -> str:
    """Write the picture."""
    panels = list(product((0.5, 0.9), MODELS, (False, True)))
    width = LEFT + 4 * (PANEL_W + GAP) + LEGEND
    height = TOP + 2 * (PANEL_H + 2 * GAP) + 24
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for number, (share, model, dirty) in enumerate(panels):
        x = LEFT + (number % 4) * (PANEL_W + GAP)
        y = TOP + (number // 4) * (PANEL_H + 2 * GAP)
        name = f"{'median' if share == 0.5 else '90th percentile'}, {model}, {'dirty' if dirty else 'clean'}"
        parts += _frame(x, y, name, labelled=number % 4 == 0, bottom=number >= 4)
        for index in reversed(range(len(columns))):
            errors = [_error_ms(columns[index], truth, share, model, dirty, snr_db) for snr_db in SNRS_DB]
            parts += _curve(x, y, errors, index)
    parts += _legend(LEFT + 4 * (PANEL_W + GAP), TOP, [column.name for column in columns])
    parts.append(
        f'<text x="16" y="{height / 2}" transform="rotate(-90 16 {height / 2})" text-anchor="middle">error, ms</text>'
    )
    parts.append(f'<text x="{LEFT + 2 * (PANEL_W + GAP)}" y="{height - 8}" text-anchor="middle">SNR, dB</text></svg>\n')
    return "\n".join(parts)


def _error_ms(
    column: Column, truth: dict[Cell, FloatArray], share: float, model: str, dirty: bool, snr_db: int
) -> float:
    """One point of a curve; infinite where nothing was measured."""
    scores = select(column, truth, model=model, dirty=dirty, snr_db=snr_db)
    return float("inf") if scores is None else error_quantile_ms(scores, share)


def _place(x: float, y: float, snr_db: float, error_ms: float) -> tuple[float, float]:
    """Position of a value in the panel at x, y."""
    right = (snr_db - SNRS_DB[0]) / (SNRS_DB[-1] - SNRS_DB[0])
    up = log10(max(error_ms, LOW_MS) / LOW_MS) / log10(HIGH_MS / LOW_MS)
    return x + 8 + right * (PANEL_W - 16), y + PANEL_H * (1 - up)


def _frame(x: float, y: float, name: str, *, labelled: bool, bottom: bool) -> list[str]:
    """Border, grid and labels of a panel."""
    parts = [f'<text x="{x + PANEL_W / 2}" y="{y - 6}" text-anchor="middle">{name}</text>']
    for value in LINES_MS:
        _, row = _place(x, y, SNRS_DB[0], value)
        parts.append(f'<line x1="{x}" x2="{x + PANEL_W}" y1="{row:.1f}" y2="{row:.1f}" stroke="#dddddd"/>')
        if labelled:
            parts.append(f'<text x="{x - 5}" y="{row + 4:.1f}" text-anchor="end">{value}</text>')
    for snr_db in SNRS_DB if bottom else ():
        column, _ = _place(x, y, snr_db, LOW_MS)
        parts.append(f'<text x="{column:.1f}" y="{y + PANEL_H + 14}" text-anchor="middle">{snr_db}</text>')
    parts.append(f'<rect x="{x}" y="{y}" width="{PANEL_W}" height="{PANEL_H}" fill="none" stroke="#888888"/>')
    return parts


def _style(index: int) -> str:
    """Stroke of a column: ours black and thick."""
    dash = DASHES[index // len(COLOURS) % len(DASHES)]
    width = 3 if index == 0 else 1.5
    return f'stroke="{COLOURS[index % len(COLOURS)]}" stroke-width="{width}"' + (
        f' stroke-dasharray="{dash}"' if dash else ""
    )


def _curve(x: float, y: float, errors_ms: Sequence[float], index: int) -> list[str]:
    """Draw one column's curve, broken where it leaves the panel."""
    inside = [(s, e) for s, e in zip(SNRS_DB, errors_ms, strict=True) if isfinite(e) and e <= HIGH_MS]
    points = " ".join("{:.1f},{:.1f}".format(*_place(x, y, snr_db, error)) for snr_db, error in inside)
    return [f'<polyline points="{points}" fill="none" {_style(index)}/>'] if inside else []


def _legend(x: float, y: float, names: Sequence[str]) -> list[str]:
    """List the columns."""
    parts: list[str] = []
    for index, name in enumerate(names):
        row = y + 10 + 20 * index
        parts.append(f'<line x1="{x}" x2="{x + 24}" y1="{row}" y2="{row}" {_style(index)}/>')
        parts.append(f'<text x="{x + 30}" y="{row + 4}">{name}</text>')
    return parts
