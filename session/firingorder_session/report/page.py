"""From facts to the two pages in one language."""

from collections.abc import Sequence

from firingorder_signal.blocks import Side
from firingorder_signal.results import Verdict

from .. import figures
from ..judging.detectable import compare_sides
from ..judging.quantities import Quantity
from ..literature import published_lags
from .content import Figure, Page, Row, Table
from .facts import ReportFacts
from .methods_page import methods_page
from .plots import FULL, HALF, MOST_ROWS, counted_lags, draw_holds, draw_lift, draw_strip
from .plots_trend import draw_trend, write_value
from .sides import held_sides, muscle_of, side_blocks
from .tables import hold_tables, lift_table, quality_table
from .texts import ReportTexts
from .trend import Trend, TrendSeries

#: Figures of earlier visits that fit beside each other.
MOST_TRENDS = 2


def make_page(facts: ReportFacts, texts: ReportTexts) -> Page:
    """Put a report into words and drawings."""
    analysis = facts.analysis
    trend_title = texts.trend_title if facts.trend and facts.trend.series else ""
    return Page(
        texts.language,
        texts.product,
        texts.kind,
        facts.protocol.titles.get(texts.language, facts.protocol.title),
        head_rows(facts, texts),
        marks(facts, texts),
        side_blocks(facts, texts),
        strip(facts, texts),
        remarks(facts, texts),
        pictures(facts, texts),
        tables(facts, texts),
        texts.null_note if has_null_lags(facts) else "",
        facts.protocol.hold is not None,
        trend_figures(facts.trend, texts) if facts.trend else (),
        trend_title,
        quality_table(facts.electrodes, texts),
        texts.intended_use,
        texts.made_by.format(
            version=analysis.software_version, settings=analysis.settings_hash, id=analysis.identity.get("id", "")
        ),
        texts.page_of,
        methods_page(facts.methods, texts),
    )


def has_null_lags(facts: ReportFacts) -> bool:
    """Whether the table of lifts shows null lags."""
    shown = [result for result in facts.analysis.sets if result.lifts]
    return len(shown) == 1 and bool(counted_lags(shown[0]))


def head_rows(facts: ReportFacts, texts: ReportTexts) -> tuple[Row, ...]:
    """Say when, who and which file."""
    identity = facts.analysis.identity
    created = str(identity.get("created") or "")
    day = created[:16].replace("T", " ") if created else texts.not_measured
    return (
        Row(texts.day, day),
        Row(texts.person, str(identity.get("subject") or texts.no_person)),
        Row(texts.recording, str(identity.get("name") or texts.not_measured)),
    )


def marks(facts: ReportFacts, texts: ReportTexts) -> tuple[str, ...]:
    """Say what the reader must not overlook."""
    found = [texts.simulated] if facts.simulated else []
    if facts.analysis.refined_clocks:
        found.append(texts.refined)
    return tuple(found)


def strip(facts: ReportFacts, texts: ReportTexts) -> Figure | None:
    """Draw the lags, or the effort of holds; None where there is neither."""
    if facts.protocol.hold is not None and facts.analysis.hold_summaries:
        return hold_figure(facts, texts)
    shown = [result for result in facts.analysis.sets if counted_lags(result)]
    if not shown:
        return None
    crowded = any(len(counted_lags(result)) > MOST_ROWS for result in shown)
    caption = texts.strip_key_many if crowded else texts.strip_key
    return Figure(texts.strip_title, draw_strip(shown, texts), caption)


def hold_figure(facts: ReportFacts, texts: ReportTexts) -> Figure | None:
    """Draw the effort of every hold."""
    efforts: dict[Side, list[tuple[int, float | None, float | None]]] = {}
    for side in held_sides(facts)[:2]:
        for hold in facts.analysis.hold_summaries:
            both = (muscle_of(hold, side, glute=glute) for glute in (True, False))
            percents = [each.percent if each is not None else None for each in both]
            efforts.setdefault(side, []).append((hold.hold.number, percents[0], percents[1]))
    told = [percent for own in efforts.values() for _, *both in own for percent in both if percent is not None]
    if not told:
        return None
    plan = facts.protocol.hold
    return Figure(texts.holds_title, draw_holds(efforts, plan.target_percent if plan else None, texts), texts.holds_key)


def remarks(facts: ReportFacts, texts: ReportTexts) -> tuple[str, ...]:
    """Compare left with right, and with what was published."""
    return tuple(line for line in (sides_line(facts, texts), published_line(facts, texts)) if line)


def sides_line(facts: ReportFacts, texts: ReportTexts) -> str:
    """Say how left and right differ; empty with one side alone."""
    compared = compare_sides(facts.analysis.sets, facts.analysis.earlier_s)
    if compared is None:
        return ""
    lags = {result.side: result.lag_s or 0.0 for result in facts.analysis.sets}
    chance = (texts.sides_told, texts.sides_alike)
    told, alike = (texts.sides_told_own, texts.sides_alike_own) if compared.is_own else chance
    return (told if compared.is_told else alike).format(
        left=figures.signed_milliseconds(lags[Side.LEFT]),
        right=figures.signed_milliseconds(lags[Side.RIGHT]),
        difference=figures.milliseconds(compared.difference_s),
        detectable=figures.milliseconds(compared.detectable_s),
    )


def published_line(facts: ReportFacts, texts: ReportTexts) -> str:
    """Say what published groups showed; empty where nothing was, or there is no order to compare."""
    told = [r for r in facts.analysis.sets if r.lag_s is not None and r.verdict is not Verdict.NOT_JUDGED]
    if not told or facts.gives_range_alone:
        return ""
    published = published_lags(told[0], glute_cue=facts.protocol.muscle_cue == "glute")
    groups = [
        (texts.published_group if each.hamstring else texts.published_first).format(
            lag=figures.signed_milliseconds(each.lag_s), citation=each.citation
        )
        for each in published
    ]
    return texts.published.format(groups=", ".join(groups)) if groups else ""


def pictures(facts: ReportFacts, texts: ReportTexts) -> tuple[Figure, ...]:
    """Draw the lift that stands for each side, at most two."""
    shown = [result for result in facts.analysis.sets if result.side in facts.pictures][:2]
    drawn: list[Figure] = []
    for result in shown:
        picture = facts.pictures[result.side]
        # The picture's own lift is as it was first told; an onset put by hand came later.
        lift = next((each for each in result.lifts if each.number == picture.lift.number), picture.lift)
        title = (texts.other_title if result.lag_s is None else texts.median_title).format(number=lift.number)
        if len(shown) > 1:
            title = f"{texts.sides[result.side]} · {title}"
        drawn.append(Figure(title, draw_lift(picture, lift, HALF if len(shown) > 1 else FULL, title, texts)))
    return tuple(drawn)


def tables(facts: ReportFacts, texts: ReportTexts) -> tuple[Table, ...]:
    """List holds or lifts."""
    if facts.protocol.hold is not None and facts.analysis.hold_summaries:
        return hold_tables(facts, texts)
    shown = [result for result in facts.analysis.sets if result.lifts]
    return tuple(lift_table(result, texts, beside=len(shown) > 1) for result in shown)


def trend_figures(trend: Trend, texts: ReportTexts) -> tuple[Figure, ...]:
    """Draw the first figures that are followed, both sides of one in one drawing."""
    kinds = list(dict.fromkeys(each.kind for each in trend.series if each.points))[:MOST_TRENDS]
    return tuple(trend_figure(kind, [s for s in trend.series if s.kind is kind and s.points], texts) for kind in kinds)


def trend_figure(kind: Quantity, series: Sequence[TrendSeries], texts: ReportTexts) -> Figure:
    """Draw one figure over the visits, and say whether its last change can be told from chance."""
    told = [line for each in series if (line := change_line(each, texts))]
    return Figure(texts.trends[kind], draw_trend(kind, series, texts), "; ".join(told))


def change_line(series: TrendSeries, texts: ReportTexts) -> str:
    """Say how a side changed since the visit before; empty with one visit."""
    if series.change is None:
        return ""
    change = write_value(series.kind, series.change, texts.numbers, signed=True)
    side = texts.sides[series.side]
    if series.detectable is None:
        return texts.change_unknown.format(side=side, change=change)
    detectable = write_value(series.kind, series.detectable, texts.numbers)
    line = texts.change_told if series.is_told else texts.change_untold
    return line.format(side=side, change=change, detectable=detectable)
