"""What each side shows, in words: the verdict with its interval, the range, or the effort of its holds."""

from collections.abc import Sequence
from statistics import median

from firingorder_signal.blocks import Side, Site
from firingorder_signal.motion_words import describe_pelvis, describe_ranges
from firingorder_signal.reasons import describe
from firingorder_signal.results import Lift, SetResult, Verdict

from .. import figures
from ..events.effort_events import HoldSummary, MuscleHold
from .content import Row, SideBlock
from .facts import ReportFacts, is_counted
from .palette import INK, colour_of
from .texts import ReportTexts


def side_blocks(facts: ReportFacts, texts: ReportTexts) -> tuple[SideBlock, ...]:
    """Say what every side shows; one block that nothing was judged where no muscle is named."""
    if facts.protocol.hold is not None and facts.analysis.hold_summaries:
        return tuple(hold_block(side, facts, texts) for side in held_sides(facts))
    told = facts.told_sets
    if not told:
        body = texts.nothing_body
        if facts.channel_names:
            body += " " + texts.channels_found.format(names=", ".join(facts.channel_names))
        return (SideBlock("", texts.nothing, note=body),)
    make = range_block if facts.gives_range_alone else order_block
    return tuple(make(result, texts) for result in told)


def order_block(result: SetResult, texts: ReportTexts) -> SideBlock:
    """Say the order with its interval, or why there is none."""
    note = texts.counted.format(counted=result.n_valid, total=len(result.lifts)) if result.lifts else ""
    if result.verdict is Verdict.NOT_JUDGED or result.lag_s is None or result.ci90_s is None:
        why = ""
        if result.verdict is Verdict.NOT_JUDGED and result.reason is not None:
            what, fix = describe(result.reason, texts.words.reasons)
            why = texts.what_and_fix.format(what=capitalise(what), fix=fix)
        note = ". ".join(part for part in (why, note) if part)
        return SideBlock(
            texts.sides[result.side], texts.verdicts[result.verdict], note=note, rows=body_rows(result, texts)
        )
    low, high = result.ci90_s
    tail = texts.lag_after if figures.whole(1000.0 * result.lag_s) >= 0 else texts.lag_before
    lag = figures.milliseconds(result.lag_s)
    tail = tail.format(lag=lag, counted=result.n_valid, total=len(result.lifts))
    return SideBlock(
        texts.sides[result.side],
        texts.verdicts[result.verdict],
        figures.signed_milliseconds(result.lag_s),
        texts.interval.format(low=figures.signed(1000.0 * low), high=figures.signed_milliseconds(high)),
        "; ".join(part for part in (tail, settle_words(result, texts)) if part),
        first_colour(result),
        body_rows(result, texts),
    )


def settle_words(result: SetResult, texts: ReportTexts) -> str:
    """Say how many more lifts would settle it, where that can be told."""
    count = result.lifts_to_settle
    return "" if not count else texts.settle_one if count == 1 else texts.settle.format(count=count)


def first_colour(result: SetResult) -> str:
    """Return the colour of the muscle that came first."""
    sites = sorted({site for lift in result.lifts for site in lift.onsets})
    if result.verdict is Verdict.HAMSTRING_FIRST:
        chosen = next((site for site in sites if site.is_hamstring), None)
    elif result.verdict is Verdict.GLUTE_FIRST:
        chosen = next((site for site in sites if site.is_glute), None)
    else:
        chosen = None
    return INK if chosen is None else colour_of(chosen)


def body_rows(result: SetResult, texts: ReportTexts) -> tuple[Row, ...]:
    """Say whether the glute switched on, what the pelvis did, and how far the hip went."""
    rows: list[Row] = []
    lifts = [lift for lift in result.lifts if is_counted(lift)]
    if lifts:
        found = sum(lift.verdict is not Verdict.GLUTE_NOT_DETECTED for lift in lifts)
        text = texts.glute_in_all if found == len(lifts) else texts.glute_in_some if found else texts.glute_in_none
        rows.append(Row(texts.glute, text.format(found=found, total=len(lifts))))
    if result.lifts:
        rows.append(Row(texts.pelvis, pelvis_words(result, texts)))
    if result.active_range_deg is not None or result.passive_range_deg is not None:
        rows.append(Row(texts.hip, describe_ranges(result, texts.words.motion)))
    return tuple(rows)


def pelvis_words(result: SetResult, texts: ReportTexts) -> str:
    """Say what the pelvis did at the median lift."""
    kinds = {lift.exercise for lift in result.lifts if lift.valid}
    clauses = describe_pelvis(result.pelvis, kinds.pop() if len(kinds) == 1 else None, texts.words.motion)
    return "; ".join(clauses) or texts.pelvis_unknown


def range_block(result: SetResult, texts: ReportTexts) -> SideBlock:
    """Say how far the hip went, lifted by whom."""
    by_examiner = result.passive_range_deg is not None
    angle = result.passive_range_deg if by_examiner else result.active_range_deg
    rows = tuple(row for row in body_rows(result, texts) if row.name != texts.glute)
    if angle is None:
        why = describe(result.reason, texts.words.reasons) if result.reason is not None else None
        note = texts.what_and_fix.format(what=capitalise(why[0]), fix=why[1]) if why else ""
        return SideBlock(texts.sides[result.side], texts.verdicts[Verdict.NOT_JUDGED], note=note, rows=rows)
    return SideBlock(
        texts.sides[result.side],
        texts.range_word,
        figures.degrees(angle),
        texts.range_examiner if by_examiner else texts.range_person,
        texts.range_note,
        rows=rows,
    )


def held_sides(facts: ReportFacts) -> list[Side]:
    """List the sides whose glute or hamstring was measured in a hold, left first."""
    sites = {each.site for hold in facts.analysis.hold_summaries for each in hold.muscles}
    found = {site.side for site in sites if site.is_glute or site.is_hamstring}
    return sorted(found, key=lambda side: side.value) or [Side.MIDDLE]


def muscle_of(hold: HoldSummary, side: Side, *, glute: bool) -> MuscleHold | None:
    """Find a side's glute or hamstring in a hold."""

    def fits(site: Site) -> bool:
        return site.side is side and (site.is_glute if glute else site.is_hamstring)

    return next((each for each in hold.muscles if fits(each.site)), None)


def percents(facts: ReportFacts, side: Side, *, glute: bool) -> list[float]:
    """List a muscle's efforts over the holds, where there is a percentage."""
    found = [muscle_of(hold, side, glute=glute) for hold in facts.analysis.hold_summaries]
    return [each.percent for each in found if each is not None and each.percent is not None]


def hold_block(side: Side, facts: ReportFacts, texts: ReportTexts) -> SideBlock:
    """Say how many holds were held, and how hard."""
    holds = facts.analysis.hold_summaries
    done = sum(hold.hold.complete for hold in holds)
    efforts = percents(facts, side, glute=True)
    figure = f"{figures.integer(median(efforts))} %" if efforts else ""
    words = texts.holds_mean if efforts else texts.holds_unknown
    sources = {
        each.reference.source for hold in holds for each in hold.muscles if each.reference and each.site.side is side
    }
    note = "; ".join(texts.references[source] for source in sorted(sources, key=lambda each: each.value))
    return SideBlock(
        texts.sides[side],
        texts.holds_word.format(done=done, wanted=facts.protocol.wanted),
        figure,
        words,
        note,
        rows=tuple(_share_rows(side, holds, texts)),
    )


def _share_rows(side: Side, holds: Sequence[HoldSummary], texts: ReportTexts) -> list[Row]:
    """Say how glute and hamstring shared the effort."""
    trends = [(hold.hold.number, trend) for hold in holds for own, trend in hold.shares if own is side]
    if not trends:
        return []
    hamstring = figures.whole(100.0 * median(trend.share for _, trend in trends))
    rows = [Row(texts.share, texts.share_words.format(glute=100 - hamstring, hamstring=hamstring))]
    grown = [
        texts.taking_over.format(grown=figures.whole(100.0 * trend.grown), number=number)
        for number, trend in trends
        if trend.taking_over
    ]
    return rows + ([Row("", "; ".join(grown))] if grown else [])


def capitalise(text: str) -> str:
    """Make the first letter a capital and leave the rest alone."""
    return text[:1].upper() + text[1:]


def corrected_by(lift: Lift) -> str:
    """Name who has put an onset of a lift by hand; empty where nobody did."""
    return ", ".join(sorted({onset.corrected.by for onset in lift.onsets.values() if onset.corrected is not None}))
