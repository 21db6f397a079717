"""The report's drawings: lags of all lifts, the median lift, holds, visits. Vectors; a colour names a muscle alone."""

from collections.abc import Mapping, Sequence

import numpy as np

from firingorder_signal.blocks import FloatArray, Side, Site
from firingorder_signal.results import Lift, SetResult

from .. import figures
from .facts import is_counted
from .lift_pictures import N_COLUMNS, Lane, LiftPicture
from .palette import GROUND, INK, LINE, MUTED, colour_of
from .svg import MEDIUM, NORMAL, SEMIBOLD, SMALL, Drawing, nice_step
from .texts import ReportTexts

#: Width of a drawing over the whole page, and of one beside another, points (A4, margins of 18 mm).
FULL, HALF = 493.0, 238.0
#: The strip: gutter for the sides' names, height of one lift's row, most lifts that have a row of their own.
GUTTER, ROW, MOST_ROWS = 64.0, 5.0, 14
#: The strip shows at least this much, seconds, and at most that; a lag further out is drawn at its edge.
LEAST_SPAN_S, MOST_LAG_S = (-0.1, 0.2), 0.6
#: A lane of the lift's picture, the line of words above it, and the axis.
LANE, WORDS, AXIS = 30.0, 11.0, 13.0
#: A lane reaches at least this far, microvolts: the noise of a muscle at rest is not to fill it.
LEAST_UV = 20.0
#: Ticks nearer to an edge than this have no figure: it would be cut off.
EDGE = 11.0


class Scale:
    """Maps seconds (or anything) onto points."""

    def __init__(self, low: float, high: float, start: float, stop: float) -> None:
        self.low, self.high = low, high
        self._start, self._factor = start, (stop - start) / (high - low)

    def __call__(self, value: float) -> float:
        """Return a value's place, at the edge where it lies outside."""
        return self._start + (min(max(value, self.low), self.high) - self.low) * self._factor


def draw_strip(results: Sequence[SetResult], texts: ReportTexts) -> str:
    """Draw the lags of every side on one axis: each lift, and the set's median with its interval."""
    shown = [result for result in results if counted_lags(result)]
    heights = [_strip_height(result) for result in shown]
    drawing = Drawing(FULL, 13.0 + sum(heights) + AXIS + 2.0)
    scale = Scale(*_strip_span(shown), GUTTER, FULL - 6.0)
    band_s = max(_band_s(result) for result in shown)
    bottom = drawing.height - AXIS
    left, right = scale(-band_s), scale(band_s)
    drawing.rect(left, 10.0, right - left, bottom - 10.0, GROUND)
    drawing.text((left + right) / 2, 7.0, texts.together, anchor="middle")
    drawing.line((scale(0.0), 10.0), (scale(0.0), bottom), LINE, 0.8)
    top = 13.0
    for result, height in zip(shown, heights, strict=True):
        _draw_side(drawing, result, scale, top, texts)
        top += height
    _draw_axis(drawing, scale, bottom, 1000.0)
    drawing.text(FULL - 6.0, 7.0, texts.strip_axis, anchor="end")
    return drawing.render(" ".join(strip_words(result, texts) for result in shown))


def counted_lags(result: SetResult) -> list[Lift]:
    """List the lifts with a lag that entered the verdict."""
    return [lift for lift in result.lifts if is_counted(lift) and lift.lag is not None and lift.lag.lag_s is not None]


def strip_words(result: SetResult, texts: ReportTexts) -> str:
    """Say what the strip shows of a side."""
    low, high = result.ci90_s or (0.0, 0.0)
    return texts.strip_words.format(
        side=texts.sides[result.side],
        count=len(counted_lags(result)),
        lag=texts.not_measured if result.lag_s is None else figures.signed_milliseconds(result.lag_s),
        low=texts.not_measured if result.ci90_s is None else figures.signed_milliseconds(low),
        high=texts.not_measured if result.ci90_s is None else figures.signed_milliseconds(high),
    )


def _band_s(result: SetResult) -> float:
    """Return the half width of the band that counts as together: the set's, or without one the widest of its lifts."""
    bands = [lift.lag.band_s for lift in counted_lags(result) if lift.lag is not None and lift.lag.band_s is not None]
    return max(bands, default=0.0) if result.band_s is None else result.band_s


def _strip_height(result: SetResult) -> float:
    return min(len(counted_lags(result)), MOST_ROWS) * ROW + 16.0


def _strip_span(shown: Sequence[SetResult]) -> tuple[float, float]:
    """Choose what the axis shows: every interval, within reason."""
    low, high = LEAST_SPAN_S
    for result in shown:
        intervals = [result.ci90_s] + [lift.lag.ci90_s for lift in counted_lags(result) if lift.lag is not None]
        for interval in intervals:
            if interval is not None:
                low, high = min(low, interval[0] - 0.01), max(high, interval[1] + 0.01)
    return max(low, -MOST_LAG_S), min(high, MOST_LAG_S)


def _draw_side(drawing: Drawing, result: SetResult, scale: Scale, top: float, texts: ReportTexts) -> None:
    """Draw one side's lifts under each other, and its median below them."""
    lifts = counted_lags(result)
    crowded = len(lifts) > MOST_ROWS
    pitch = min(len(lifts), MOST_ROWS) * ROW / len(lifts)
    for number, lift in enumerate(lifts):
        lag = lift.lag
        if lag is None or lag.lag_s is None:
            continue
        y = top + (number + 0.5) * pitch
        if lag.ci90_s is not None and not crowded:
            drawing.line((scale(lag.ci90_s[0]), y), (scale(lag.ci90_s[1]), y), "#9AA7B5", 0.8)
        drawing.circle(scale(lag.lag_s), y, 1.9, "#FFFFFF", INK, 0.8)
    y = top + min(len(lifts), MOST_ROWS) * ROW + 6.0
    drawing.strong(0.0, y + 2.8, texts.sides[result.side])
    if result.lag_s is None or result.ci90_s is None:
        return
    low, high = scale(result.ci90_s[0]), scale(result.ci90_s[1])
    drawing.rect(low, y - 2.4, high - low, 4.8, INK, 0.22)
    drawing.rect(scale(result.lag_s) - 1.1, y - 4.2, 2.2, 8.4, INK)
    drawing.strong(high + 5.0, y + 2.8, figures.signed_milliseconds(result.lag_s))


def _draw_axis(drawing: Drawing, scale: Scale, y: float, factor: float) -> None:
    """Draw ticks under a drawing."""
    drawing.line((scale(scale.low), y), (scale(scale.high), y), LINE, 0.8)
    step = nice_step((scale.high - scale.low) * factor, 8)
    first, last = int(np.ceil(scale.low * factor / step)), int(np.floor(scale.high * factor / step))
    for tick in range(first, last + 1):
        x = scale(tick * step / factor)
        drawing.line((x, y), (x, y + 2.5), LINE, 0.8)
        if EDGE <= x <= drawing.width - EDGE:
            drawing.text(x, y + 10.0, figures.signed(tick * step), anchor="middle")


def draw_lift(picture: LiftPicture, lift: Lift, width: float, title: str, texts: ReportTexts) -> str:
    """Draw one lift: its muscles' EMG, their onsets with intervals where it was judged, the hip's angle below."""
    sites = sorted(picture.lanes, key=lambda site: (not site.is_hamstring, not site.is_glute, str(site)))[:4]
    has_angle = len(picture.hip_deg) > 1 and bool(np.isfinite(picture.hip_deg).any())
    lane_height = LANE if width > HALF else LANE * 0.75
    n_lanes = len(sites) + (0.7 if has_angle else 0.0)
    drawing = Drawing(width, n_lanes * lane_height + (len(sites) + has_angle) * WORDS + AXIS + 8.0)
    scale = Scale(picture.start_s, picture.stop_s, 0.0, width)
    bottom, judged = drawing.height - AXIS, is_counted(lift)
    for number, site in enumerate(sites):
        box = (8.0 + number * (lane_height + WORDS), lane_height)
        _draw_lane(drawing, picture, lift, site, scale, box, texts)
    if has_angle:
        _draw_angle(drawing, picture, scale, (bottom - lane_height * 0.7 - WORDS, lane_height * 0.65), texts)
    drawing.line((scale(0.0), 8.0), (scale(0.0), bottom), MUTED, 0.6, "2 2")
    if judged:
        _draw_lag(drawing, picture, lift, sites, scale, lane_height)
    zero = texts.leg_moves if lift.movement is not None else texts.first_muscle
    drawing.text(scale(0.0), 6.0, zero, anchor="middle")
    _draw_axis(drawing, scale, bottom, 1000.0)
    drawing.text(width, 6.0, "ms", anchor="end")
    return drawing.render(lift_words(picture, lift, sites, title, texts))


def lift_words(picture: LiftPicture, lift: Lift, sites: Sequence[Site], title: str, texts: ReportTexts) -> str:
    """Say what a lift's picture shows."""
    onsets = [
        texts.picture_onset.format(
            muscle=texts.parts[site.part], time=figures.signed_milliseconds(time_s - picture.zero_s)
        )
        for site in sites
        if is_counted(lift) and (onset := lift.onsets.get(site)) is not None and (time_s := onset.time_s) is not None
    ]
    muscles = ", ".join(texts.parts[site.part] for site in sites)
    return texts.picture_words.format(title=title, muscles=muscles, onsets=" ".join(onsets)).strip()


def _draw_lane(
    drawing: Drawing,
    picture: LiftPicture,
    lift: Lift,
    site: Site,
    scale: Scale,
    box: tuple[float, float],
    texts: ReportTexts,
) -> None:
    """Draw one muscle into a box of a top and a height, its name above."""
    lane, colour, reach = picture.lanes[site], colour_of(site), _reach_uv(picture.lanes[site])
    top, height = box
    drawing.text(0.0, top + 8.0, texts.parts[site.part], size=NORMAL, colour=colour, weight=SEMIBOLD)
    drawing.text(drawing.width, top + 8.0, texts.scale.format(level=figures.integer(reach)), anchor="end")
    top += WORDS
    onset = lift.onsets.get(site) if is_counted(lift) else None
    if onset is not None and onset.time_s is not None and onset.ci90_s is not None:
        low, high = (scale(each - picture.zero_s) for each in onset.ci90_s)
        drawing.rect(low, top, high - low, height, colour, 0.16)
    for upper, lower in _outline(lane, reach, (top, height), drawing.width):
        drawing.polygon([*upper, *reversed(lower)], colour, 0.85)
    if onset is not None and onset.time_s is not None:
        x = scale(onset.time_s - picture.zero_s)
        drawing.line((x, top), (x, top + height), colour, 1.4)
        label = figures.signed_milliseconds(onset.time_s - picture.zero_s)
        drawing.text(x - 3.0, top + height - 1.0, label, size=NORMAL, colour=colour, weight=SEMIBOLD, anchor="end")


def _reach_uv(lane: Lane) -> float:
    """Choose a lane's scale: what all but its highest hundredth stay within, a round figure, µV."""
    values = np.concatenate([np.abs(lane.low_uv), np.abs(lane.high_uv)])
    known = values[np.isfinite(values)]
    largest = max(float(np.percentile(known, 99.5)) if len(known) else 0.0, LEAST_UV)
    step = nice_step(largest, 8)
    return step * float(np.ceil(largest / step))


def _outline(
    lane: Lane, reach: float, box: tuple[float, float], width: float
) -> list[tuple[list[tuple[float, float]], list[tuple[float, float]]]]:
    """Outline a lane's columns, one shape for each stretch without a lost sample."""
    middle, factor, step = box[0] + box[1] / 2, box[1] / 2 / reach, width / N_COLUMNS
    # A column of silence still has the thickness of a hair.
    high = np.clip(lane.high_uv, -reach, reach) * factor + 0.2
    low = np.clip(lane.low_uv, -reach, reach) * factor - 0.2
    shapes: list[tuple[list[tuple[float, float]], list[tuple[float, float]]]] = []
    known: FloatArray = np.flatnonzero(np.isfinite(high)).astype(np.float64)
    for stretch in np.split(known, np.flatnonzero(np.diff(known) > 3) + 1):
        places = [int(place) for place in stretch]
        upper = [((place + 0.5) * step, middle - float(high[place])) for place in places]
        lower = [((place + 0.5) * step, middle - float(low[place])) for place in places]
        shapes.append((upper, lower))
    return shapes


def _draw_angle(
    drawing: Drawing, picture: LiftPicture, scale: Scale, box: tuple[float, float], texts: ReportTexts
) -> None:
    """Draw the hip's angle from where it was at the picture's beginning."""
    top, height = box
    known = np.isfinite(picture.hip_deg)
    times_s, hip_deg = picture.angle_times_s[known], picture.hip_deg[known]
    hip_deg = hip_deg - hip_deg[0]
    low, high = float(min(np.min(hip_deg), -0.5)), float(max(np.max(hip_deg), 2.0))
    upright = Scale(low, high, top + WORDS + height, top + WORDS)
    drawing.text(0.0, top + 8.0, texts.hip_angle, size=NORMAL, weight=SEMIBOLD)
    drawing.text(drawing.width, top + 8.0, figures.degrees(float(hip_deg[-1])), anchor="end")
    drawing.curve([(scale(float(t)), upright(float(h))) for t, h in zip(times_s, hip_deg, strict=True)], MUTED, 1.1)


def _draw_lag(
    drawing: Drawing, picture: LiftPicture, lift: Lift, sites: Sequence[Site], scale: Scale, lane_height: float
) -> None:
    """Draw how far the two onsets are apart, between the lanes of the first hamstring and the glute."""
    lag = lift.lag
    if lag is None or lag.lag_s is None or lag.hamstring.time_s is None or lag.glute.time_s is None:
        return
    glute = next((place for place, site in enumerate(sites) if site.is_glute), None)
    if glute is None or glute == 0:
        return
    y = 8.0 + glute * (lane_height + WORDS) + 5.5
    first, last = (
        scale(onset.time_s - picture.zero_s) for onset in (lag.hamstring, lag.glute) if onset.time_s is not None
    )
    drawing.line((first, y), (last, y), INK, 0.9)
    for x in (first, last):
        drawing.line((x, y - 2.5), (x, y + 2.5), INK, 0.9)
    label, x = figures.signed_milliseconds(lag.lag_s), max(first, last) + 4.0
    drawing.rect(x - 1.0, y - 4.0, 4.4 * len(label), 8.0, "#FFFFFF")
    drawing.strong(x, y + 2.6, label, size=SMALL)


def draw_holds(
    efforts: Mapping[Side, Sequence[tuple[int, float | None, float | None]]],
    target: tuple[float, float] | None,
    texts: ReportTexts,
) -> str:
    """Draw each hold's effort, glute beside hamstring in percent, with the target behind it, a side in each half."""
    drawing = Drawing(FULL, 104.0)
    values = [each for own in efforts.values() for _, *both in own for each in both if each is not None]
    upright = Scale(0.0, max([*values, target[1] if target else 0.0, 10.0]) * 1.1, 84.0, 16.0)
    width = FULL if len(efforts) < 2 else HALF
    words: list[str] = []
    for place, (side, own) in enumerate(efforts.items()):
        left = place * (FULL - HALF)
        if target is not None:
            drawing.rect(left, upright(target[1]), width, upright(target[0]) - upright(target[1]), GROUND)
            low, high = (figures.integer(each) for each in target)
            drawing.text(left + width, 7.0, texts.holds_axis.format(low=low, high=high), anchor="end")
        drawing.line((left, 84.0), (left + width, 84.0), LINE, 0.8)
        if len(efforts) > 1:
            drawing.strong(left, 8.0, texts.sides[side])
        words += _draw_side_holds(drawing, side, own, left, width, upright, texts)
    return drawing.render(" ".join(words))


def _draw_side_holds(
    drawing: Drawing,
    side: Side,
    own: Sequence[tuple[int, float | None, float | None]],
    left: float,
    width: float,
    upright: Scale,
    texts: ReportTexts,
) -> list[str]:
    """Draw one side's holds; return them in words."""
    glute, hamstring = (colour_of(Site(part)) for part in ("gluteus_maximus", "hamstring_lateral"))
    pitch = width / len(own)
    bar = min(22.0, pitch / 3.2)
    words: list[str] = []
    for place, (number, *both) in enumerate(own):
        middle = left + (place + 0.5) * pitch
        for x, percent, colour in zip((middle - bar - 1.0, middle + 1.0), both, (glute, hamstring), strict=True):
            if percent is not None:
                y = upright(percent)
                drawing.rect(x, y, bar, 84.0 - y, colour)
                size = SMALL if bar > 12.0 else 5.5
                drawing.text(x + bar / 2, y - 2.0, figures.integer(percent), size=size, colour=colour, anchor="middle")
        drawing.text(middle, 94.0, str(number), anchor="middle", weight=MEDIUM)
        told = [texts.not_measured if percent is None else figures.integer(percent) for percent in both]
        words.append(texts.holds_words.format(side=texts.sides[side], glute=told[0], hamstring=told[1], number=number))
    return words
