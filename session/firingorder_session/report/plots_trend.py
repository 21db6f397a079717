"""The report's drawing of earlier visits: one figure over the days, with the band in which a change tells nothing."""

from collections.abc import Callable, Sequence

from firingorder_signal.blocks import Side
from firingorder_signal.words import Numbers

from .. import figures
from ..judging.quantities import KINDS, Quantity
from .palette import INK, LINE
from .plots import Scale
from .svg import SEMIBOLD, Drawing, nice_step
from .texts import ReportTexts
from .trend import TrendSeries

WIDTH, HEIGHT = 238.0, 64.0
#: Units that stand behind a figure in another way than after a blank.
SUFFIXES = {"°": "°", "of 10": ""}


def write_value(kind: Quantity, value: float, numbers: Numbers, *, signed: bool = False) -> str:
    """Write a figure of a kind with its unit.

    Examples
    --------
    >>> write_value(Quantity.LAG, 0.084, Numbers(), signed=True), write_value(Quantity.PAIN, 3.0, Numbers())
    ('+84 ms', '3')
    """
    known = KINDS[kind]
    shown = value * known.scale
    written = figures.integer(shown) if known.n_digits == 0 else numbers.write(shown, known.n_digits)
    return f"{'+' if signed and value > 0 else ''}{written}{SUFFIXES.get(known.unit, f' {known.unit}')}"


def draw_trend(kind: Quantity, series: Sequence[TrendSeries], texts: ReportTexts) -> str:
    """Draw one kind: left hollow, right filled; grey = what chance shows around the visit before the last."""
    drawing = Drawing(WIDTH, HEIGHT)
    days = sorted({point.day for each in series for point in each.points})
    across = Scale(-0.5, max(len(days) - 0.5, 0.5), 26.0, WIDTH - 10.0)
    upright = _upright(series)
    factor = KINDS[kind].scale
    step = nice_step((upright.high - upright.low) * factor, 3)
    for tick in range(round(upright.low * factor // step), round(upright.high * factor // step) + 1):
        value = tick * step / factor
        if upright.low <= value <= upright.high:
            drawing.line((26.0, upright(value)), (WIDTH - 2.0, upright(value)), LINE, 0.6)
            drawing.text(22.0, upright(value) + 2.4, figures.integer(tick * step), anchor="end")
    for each in series:
        _draw_band(drawing, each, lambda day: across(days.index(day)), upright)
    for each in series:
        _draw_series(drawing, each, lambda day: across(days.index(day)), upright)
    for place in sorted({0, len(days) - 1}):
        drawing.text(across(place), HEIGHT - 1.0, days[place][:10], anchor="middle")
    return drawing.render(" ".join(_words(kind, each, texts) for each in series))


def _upright(series: Sequence[TrendSeries]) -> Scale:
    """Choose the axis: every value with its interval, and some room."""
    values = [each for own in series for point in own.points for each in (point.value, *(point.interval or ()))]
    low, high = min(values), max(values)
    room = 0.12 * (high - low) or 0.1 * abs(high) or 1.0
    return Scale(low - room, high + room, HEIGHT - 14.0, 4.0)


def _draw_band(drawing: Drawing, series: TrendSeries, across: Callable[[str], float], upright: Scale) -> None:
    """Lay what chance shows around the visit before the last."""
    if len(series.points) < 2 or series.detectable is None:
        return
    before = series.points[-2]
    top, bottom = upright(before.value + series.detectable), upright(before.value - series.detectable)
    left = across(before.day)
    drawing.rect(left, top, across(series.points[-1].day) - left + 6.0, bottom - top, LINE, 0.45)


def _draw_series(drawing: Drawing, series: TrendSeries, across: Callable[[str], float], upright: Scale) -> None:
    """Draw one side."""
    shift = {Side.LEFT: -2.5, Side.RIGHT: 2.5}.get(series.side, 0.0)
    places = [(across(point.day) + shift, upright(point.value)) for point in series.points]
    drawing.curve(places, INK, 0.7)
    for point, (x, y) in zip(series.points, places, strict=True):
        if point.interval is not None:
            drawing.line((x, upright(point.interval[0])), (x, upright(point.interval[1])), "#9AA7B5", 0.9)
        drawing.circle(x, y, 2.4, "#FFFFFF" if series.side is Side.LEFT else INK, INK)
    if series.side is not Side.MIDDLE:
        letter = series.side.value[:1].upper()
        drawing.text(places[-1][0] + 5.0, places[-1][1] + 2.5, letter, colour=INK, weight=SEMIBOLD)


def _words(kind: Quantity, series: TrendSeries, texts: ReportTexts) -> str:
    """Say what is drawn of a side."""
    told = ", ".join(f"{point.day[:10]} {write_value(kind, point.value, texts.numbers)}" for point in series.points)
    return f"{texts.trends[kind]}, {texts.sides[series.side]}: {told}."
