"""The drawings of a cohort's page: SVG within the page, no script, nothing to fetch.

Each has its scales: a bar is a number of sets, a point is two lags.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from ..figures import integer

#: Lags are drawn within this, milliseconds; what is beyond is counted into the outermost bars.
SHOWN_MS = 300
BIN_MS, TICK_MS = 20, 100
#: Okabe & Ito 2008: blue and vermilion for the two sides, grey for what both share.
LEFT, RIGHT, PLAIN = "#0072B2", "#D55E00", "#606060"
#: A side, how it is called, its colour.
SIDES = (("left", "L left", LEFT), ("right", "R right", RIGHT), ("", "side not stated", PLAIN))
INK, LINE = "#222", "#bbb"
#: Pixels: what is drawn in, and what the scales need left of it and below.
WIDTH, HEIGHT, SIZE, BESIDE, BELOW, ABOVE = 640, 160, 320, 56, 44, 10


def draw_spread(lags_ms: Mapping[str, Sequence[float]]) -> str:
    """Return the spread of lags as bars, the sides on top of each other; keys are those of `SIDES`."""
    edges = np.arange(-SHOWN_MS, SHOWN_MS + BIN_MS, BIN_MS)
    inside = {side: np.clip(lags_ms.get(side, ()), -SHOWN_MS, SHOWN_MS - 1) for side, _, _ in SIDES}
    counts = {side: [int(n) for n in np.histogram(lags, edges)[0]] for side, lags in inside.items()}
    totals = [sum(column) for column in zip(*counts.values(), strict=True)]
    most = max(*totals, 1)
    shapes = [_count(n, ABOVE + HEIGHT * (1 - n / most)) for n in dict.fromkeys((0, most // 2, most))]
    wide = WIDTH / len(totals)
    for number in range(len(totals)):
        top = float(ABOVE + HEIGHT)
        for side, name, colour in SIDES:
            tall = HEIGHT * counts[side][number] / most
            top -= tall
            if tall:
                box = f'x="{BESIDE + wide * number + 0.5:.1f}" y="{top:.1f}" width="{wide - 1:.1f}" height="{tall:.1f}"'
                shapes.append(f'<rect {box} fill="{colour}"><title>{counts[side][number]} {name}</title></rect>')
    zero = BESIDE + WIDTH / 2
    shapes.append(_line(zero, ABOVE, zero, ABOVE + HEIGHT, INK, ' stroke-dasharray="3 3"'))
    shapes += [
        _text(BESIDE + WIDTH * _share(at), ABOVE + HEIGHT + 18, integer(at), "middle")
        for at in range(-SHOWN_MS, SHOWN_MS + 1, TICK_MS)
    ]
    shapes.append(_say_spread(lags_ms))
    name = f"spread of {sum(totals)} set lags"
    return _svg(name, BESIDE + WIDTH + 20, ABOVE + HEIGHT + BELOW, shapes)


def _say_spread(lags_ms: Mapping[str, Sequence[float]]) -> str:
    """Return the line below the bars: what they are, and the sides that there are."""
    y, x = ABOVE + HEIGHT + 38, BESIDE + 260
    beyond = sum(abs(lag) > SHOWN_MS for lags in lags_ms.values() for lag in lags)
    said = f"sets by their lag, ms{f' ({beyond} beyond)' if beyond else ''}"
    words = [_text(BESIDE, y, said)]
    for side, name, colour in SIDES:
        if lags_ms.get(side):
            words.append(_text(x, y, f"■ {name}", colour=colour))
            x += 90
    return "".join(words)


def draw_left_right(pairs: Sequence[tuple[float, float]]) -> str:
    """Return a point a recording, left lag across and right lag upwards, milliseconds; on the line both are alike."""
    bottom, right = ABOVE + SIZE, BESIDE + SIZE
    shapes = [_line(BESIDE, bottom, right, ABOVE, LINE)]
    for at in range(-SHOWN_MS, SHOWN_MS + 1, TICK_MS):
        x, y = BESIDE + SIZE * _share(at), bottom - SIZE * _share(at)
        shapes += [_text(x, bottom + 18, integer(at), "middle"), _text(BESIDE - 8, y + 4, integer(at), "end")]
        if at in (-SHOWN_MS, 0):
            shapes += [_line(x, ABOVE, x, bottom, LINE), _line(BESIDE, y, right, y, LINE)]
    for left_ms, right_ms in pairs:
        x, y = BESIDE + SIZE * _share(left_ms), bottom - SIZE * _share(right_ms)
        shapes.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="none" stroke="{PLAIN}" stroke-width="1.5"/>')
    shapes.append(_text(BESIDE + SIZE / 2, bottom + 38, "L left lag, ms", "middle"))
    middle = ABOVE + SIZE / 2
    turned = f' transform="rotate(-90 14 {middle:.0f})"'
    shapes.append(_text(14, middle, "R right lag, ms", "middle", more=turned))
    return _svg("left against right", right + 20, bottom + BELOW, shapes)


def _share(lag_ms: float) -> float:
    """Return where a lag is on a scale, from 0 to 1; what is beyond lies on its end."""
    return (min(max(lag_ms, -SHOWN_MS), SHOWN_MS) + SHOWN_MS) / (2 * SHOWN_MS)


def _count(n: int, y: float) -> str:
    """Return a number of sets at the scale, with its line."""
    return _line(BESIDE, y, BESIDE + WIDTH, y, LINE) + _text(BESIDE - 8, y + 4, str(n), "end")


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, more: str = "") -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"{more}/>'


def _text(x: float, y: float, words: str, anchor: str = "start", *, colour: str = INK, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}"{more}>{words}</text>'


def _svg(name: str, width: int, height: int, shapes: Sequence[str]) -> str:
    return f'<svg role="img" aria-label="{name}" width="{width}" height="{height}">{"".join(shapes)}</svg>'
