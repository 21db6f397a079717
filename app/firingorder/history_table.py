"""The history as a person reads it in a terminal: a table for each test and side, and under it what has changed."""

from collections.abc import Sequence
from textwrap import wrap

from firingorder.table_words import VERDICT_WORDS, WIDTH, degrees, ms
from firingorder_session.history.deletion import Deletion, DeletionPlan
from firingorder_session.history.records import FiledSet, SubjectSummary
from firingorder_session.history.trend import Trend, TrendChange, TrendGroup, TrendSeries
from firingorder_session.judging.quantities import Kind
from firingorder_signal.results import Verdict

SET_HEADER = ("visit", "order", "lag", "90 % interval", "glute's share", "hip", "pelvis", "hold fatigue", "signals")
SAID_HEADER = ("visit", "feels the glute", "pain", "notes")
SUBJECT_HEADER = ("code", "visits", "recordings", "last visit")
#: The key file is encrypted, and may lie anywhere: nobody but its owner can look into it.
NAME_STAYS = "a name that a key file holds for {code} stays there; `firingorder names remove {code}` forgets it"
NOTHING = "the history holds no subject; `firingorder history add` makes one"


def write_table(rows: Sequence[Sequence[str]], indent: str = "") -> list[str]:
    """Write rows in columns as wide as they need; a column that is empty but for its head is left out."""
    used = [column for column in range(len(rows[0])) if any(row[column] for row in rows[1:])]
    widths = {column: max(len(row[column]) for row in rows) for column in used}
    return [(indent + "  ".join(row[column].ljust(widths[column]) for column in used)).rstrip() for row in rows]


def write_subjects(subjects: Sequence[SubjectSummary]) -> str:
    """List the subjects."""
    if not subjects:
        return NOTHING
    rows = [(each.code, str(each.n_visits), str(each.n_recordings), _day(each)) for each in subjects]
    return "\n".join(write_table([SUBJECT_HEADER, *rows]))


def write_trend(trend: Trend) -> str:
    """Write all that is followed of a subject."""
    days = {rating.day for rating in trend.ratings}
    lines = [f"{trend.code} · {_count(len(days), 'visit')}"]
    for group in trend.groups:
        lines += ["", *write_group(group)]
    said = [each for each in trend.ratings if each.feels_glute is not None or each.pain is not None or each.notes]
    if said:
        rows = [(str(each.day), _number(each.feels_glute), _number(each.pain), each.notes) for each in said]
        lines += ["", "what the person says, 0 to 10", *write_table([SAID_HEADER, *rows], "  ")]
        lines += [line for series in trend.said for line in write_changes(series)]
    return "\n".join(lines)


def write_group(group: TrendGroup) -> list[str]:
    """Write the sets of one test and side, and what has changed over them."""
    key = group.key
    cue = f"cue: {key.muscle_cue}" if key.muscle_cue else "no muscle cue"
    name = f"{key.protocol.replace('_', ' ')}, {key.side.value or 'side not stated'} ({cue}, knee {key.knee or 'free'})"
    lines = [name, *write_table([SET_HEADER, *map(write_set, group.sets)], "  ")]
    return lines + [line for series in group.series for line in write_changes(series)]


def write_set(found: FiledSet) -> tuple[str, ...]:
    """Write one set's row."""
    interval = f"{ms(found.ci90_s[0])} to {ms(found.ci90_s[1])}" if found.ci90_s else ""
    return (
        str(found.day),
        VERDICT_WORDS[Verdict(found.verdict)] if found.n_lifts else "",
        ms(found.lag_s),
        interval,
        "" if found.glute_share is None else f"{100 * found.glute_share:.0f} %",
        degrees(found.active_range_deg),
        degrees(found.tilt_deg),
        "" if found.hold_fatigue_percent_s is None else f"{found.hold_fatigue_percent_s:+.2f} %/s",
        f"{found.quality}, simulated" if found.simulated else found.quality,
    )


def write_changes(series: TrendSeries) -> list[str]:
    """Say how the newest visit differs from the one before, and from the first."""
    changes = [series.since_last, series.since_first if len(series.points) > 2 else None]
    of = f" ({series.reference.replace('_', ' ')})" if series.reference else ""
    lines = [f"{series.kind.label}{of} {write_change(series.kind, each)}" for each in changes if each is not None]
    return [line for each in lines for line in wrap(each, WIDTH, initial_indent="  ", subsequent_indent="    ")]


def write_change(kind: Kind, change: TrendChange) -> str:
    """Say a change, and whether it is one.

    Examples
    --------
    >>> from datetime import date
    >>> from firingorder_session.judging.quantities import KINDS, Quantity
    >>> write_change(KINDS[Quantity.LAG], TrendChange(date(2026, 3, 2), -0.03, 0.06, False))
    'since 2026-03-02: -30 ms, no change that can be told: not beyond 60 ms'
    """
    told = f"since {change.since}: {figure(kind, change.change, signed=True)}"
    if change.limit is None:
        return f"{told}, not interpreted: what differs by chance is not known before three earlier visits"
    limit = figure(kind, change.limit) + (", the person's own" if change.is_own else "")
    return (
        f"{told}, a change: beyond {limit}"
        if change.told
        else f"{told}, no change that can be told: not beyond {limit}"
    )


def figure(kind: Kind, value: float, *, signed: bool = False) -> str:
    """Write a figure in its unit."""
    space = "" if kind.unit == "°" else " "
    return (
        f"{round(kind.scale * value, kind.n_digits) + 0.0:{'+' if signed else ''}.{kind.n_digits}f}{space}{kind.unit}"
    )


def write_plan(plan: DeletionPlan) -> str:
    """List what would be deleted."""
    what, files = _count(plan.n_visits, "visit"), _count(len(plan.files), "file")
    lines = [f"deleting {plan.code} ({what}) deletes {files} and cannot be undone"]
    return "\n".join(
        [*lines, *(f"  {path}" for path in plan.files), *write_kept(plan), NAME_STAYS.format(code=plan.code)]
    )


def write_deletion(done: Deletion) -> str:
    """Say what was deleted, and what is left."""
    plan = done.plan
    lines = [f"deleted {path}" for path in done.deleted]
    lines += [f"was gone already: {path}" for path in done.gone]
    lines += [f"could not be deleted: {path} ({why})" for path, why in done.failed]
    lines += write_kept(plan)
    if plan.elsewhere and plan.waits and not done.failed:
        hosts = ", ".join(dict.fromkeys(host for host, _ in plan.elsewhere))
        lines.append(
            f"{plan.code} stays in the history until the command was run on {hosts} (--only-here: do not wait)"
        )
    elif done.is_done:
        lines.append(f"{plan.code} is no longer in the history ({_count(plan.n_visits, 'visit')})")
        lines.append(NAME_STAYS.format(code=plan.code))
    else:
        lines.append(f"{plan.code} is still in the history; put right what is named above, and repeat the command")
    return "\n".join(lines)


def write_kept(plan: DeletionPlan) -> list[str]:
    """Say which files stay: recordings, and what is on other computers."""
    lines = [f"  {path}" for path in plan.kept]
    lines = ["recordings that stay (--recordings deletes them too):", *lines] if lines else []
    if plan.replaced:
        lines += ["other recordings lie there now, and stay:", *(f"  {path}" for path in plan.replaced)]
    elsewhere = [f"  {host}: {path}" for host, path in plan.elsewhere]
    return [*lines, "on other computers, and not deleted from here:", *elsewhere] if elsewhere else lines


def _count(number: int, what: str) -> str:
    """Write how many there are of something."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _day(subject: SubjectSummary) -> str:
    """Write the last visit's day."""
    return str(subject.last_day or "")


def _number(value: int | None) -> str:
    """Write a rating."""
    return "" if value is None else str(value)
