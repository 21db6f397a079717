"""The effort card of a test of holds, derived without Qt: bars, shares, timer, and each hold summed up.

A bar follows every 100 ms; its figure is the mean of half a second and changes twice a second, or nobody could read it.
Nothing is cut off at 100 %: the axis grows instead. Neither an order nor a share is ever red or green.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil, sqrt

from firingorder_session.events.effort_events import EffortEvent, EffortLevel, HoldSummary, MuscleHold, ShareFollowed
from firingorder_session.events.hold_events import HoldEnded, HoldStarted
from firingorder_session.events.live_events import Phase, PhaseChanged
from firingorder_session.judging.hold_sets import muscles_of
from firingorder_session.protocols.protocol_plan import HoldPlan
from firingorder_signal.blocks import Side, Site
from firingorder_signal.effort import OwnReference, ShareTrend
from firingorder_signal.fatigue import Fatigue, Slope
from firingorder_signal.reasons import describe

from . import figures
from .sites import letter_of, role_of, row_key, short_name
from .texts import Texts

#: Levels of 100 ms that a figure is the mean of.
FIGURE_BARS = 5
#: The axis reaches to here, percent, and grows by this much where a bar is longer.
AXIS_PERCENT, AXIS_STEP = 120.0, 40.0


@dataclass
class EffortState:
    """What is known of effort.

    Attributes
    ----------
    n_sides
        How many sides take turns.
    summaries
        Every hold so far; `summary` is the last one, None while the next is held.
    chosen
        Place of a hold that a person wants to see again; None = the last one.
    lifts
        Whether a bridge is up, in a test of lifts.
    """

    plan: HoldPlan | None = None
    n_sides: int = 1
    levels: dict[Site, EffortLevel] = field(default_factory=dict[Site, EffortLevel])
    percents: dict[Site, float | None] = field(default_factory=dict[Site, float | None])
    trends: dict[Side, ShareTrend] = field(default_factory=dict[Side, ShareTrend])
    summary: HoldSummary | None = None
    summaries: list[HoldSummary] = field(default_factory=list[HoldSummary])
    chosen: int | None = None
    hold: HoldStarted | None = None
    lifts: bool = False
    _recent: dict[Site, list[float]] = field(default_factory=dict[Site, list[float]])

    def take(self, event: EffortEvent | HoldStarted | HoldEnded) -> None:
        """Follow one event."""
        match event:
            case EffortLevel():
                self._take_level(event)
            case ShareFollowed():
                if self.hold is not None or self.lifts:
                    self.trends[event.side] = event.trend
            case HoldSummary():
                self.summaries.append(event)
                self.summary, self.chosen = event, None
            case HoldStarted():
                self.hold, self.summary = event, None
                self.trends.clear()
            case HoldEnded():
                self.hold = None
                self.trends.clear()

    def lift(self, under_way: bool) -> None:
        """Note that a bridge goes up, or is over."""
        self.lifts = under_way
        self.trends.clear()

    def choose(self, number: int) -> bool:
        """Show the newest hold of a number again; return whether there is one."""
        places = [place for place, each in enumerate(self.summaries) if each.hold.number == number]
        self.chosen = places[-1] if places else self.chosen
        return bool(places)

    @property
    def has_reference(self) -> bool:
        """Whether the glute's reference was measured before: only then is there a band to stay in."""
        return any(
            level.reference is not None and level.reference.is_measured
            for site, level in self.levels.items()
            if site.is_glute
        )

    @property
    def shown(self) -> HoldSummary | None:
        """The hold to be seen: the chosen one, else the last."""
        if not self.summaries:
            return None
        return self.summaries[-1 if self.chosen is None else self.chosen]

    def _take_level(self, event: EffortLevel) -> None:
        """Move a bar, and its figure every half second."""
        self.levels[event.site] = event
        recent = self._recent.setdefault(event.site, [])
        if event.rms_uv is not None:
            recent.append(event.rms_uv)
        if event.reference is None or event.rms_uv is None:
            self.percents[event.site] = None
        elif len(recent) >= FIGURE_BARS or self.percents.get(event.site) is None:
            mean_uv = sqrt(sum(rms_uv**2 for rms_uv in recent) / len(recent))
            self.percents[event.site] = 100.0 * mean_uv / event.reference.rms_uv
        if len(recent) >= FIGURE_BARS:
            recent.clear()


@dataclass(frozen=True)
class EffortBar:
    """One muscle; `length` and `figure` are None while nothing is known."""

    letter: str
    role: str
    name: str
    percent: float | None
    figure: str
    has_target: bool


@dataclass(frozen=True)
class ShareBar:
    """Glute against hamstring of one side: the glute's share, 0..1, and the words for it."""

    glute: float
    text: str
    roles: tuple[str, str] = ("G", "H")


@dataclass(frozen=True)
class EffortContent:
    """What the effort card shows.

    Attributes
    ----------
    target
        The band, percent; None without one, and without a measured reference, which `target_text` then says.
    axis_percent
        Where the bars' axis ends.
    ring
        What is left of work or rest, 0..1; None while neither is timed.
    hint
        That a hamstring takes over, as it grows.
    lines
        The last hold in figures: (text, whether it is what is said first).
    """

    title: str
    unit: str
    counter: str = ""
    bars: tuple[EffortBar, ...] = ()
    shares: tuple[ShareBar, ...] = ()
    target: tuple[float, float] | None = None
    target_text: str = ""
    axis_percent: float = AXIS_PERCENT
    ring: float | None = None
    ring_figure: str = ""
    ring_word: str = ""
    ring_role: str = "muted"
    hint: str = ""
    lines: tuple[tuple[str, bool], ...] = ()

    @property
    def spoken(self) -> str:
        """What stands for a while, for a screen reader; the bars move too fast to be read out."""
        return ". ".join(part for part in (self.counter, self.hint, *(text for text, _ in self.lines)) if part)


def effort_content(state: EffortState, phase: PhaseChanged, n_held: int, texts: Texts) -> EffortContent:
    """Build the card; where the legs take turns, of the one in turn alone."""
    words, plan = texts.effort, state.plan
    worn = sorted(state.levels, key=row_key)
    if plan is None:  # beside the order of a bridge there is room for the two that are compared
        worn = [site for site in worn if site.is_glute or site.is_hamstring]
    shown = state.summaries[state.chosen] if state.chosen is not None and state.summary is not None else state.summary
    turn = phase.side if shown is None or state.hold is not None else shown.hold.side
    sites = [site for site in worn if turn in (None, Side.MIDDLE) or site.side in (turn, Side.MIDDLE)] or worn
    target, target_text = _target(plan, [state.levels[site].reference for site in sites if site.is_glute], texts)
    bars = tuple(_bar(site, worn, state, texts) for site in sites)
    longest = max((bar.percent for bar in bars if bar.percent is not None), default=0.0)
    axis = AXIS_PERCENT + AXIS_STEP * max(ceil((longest - AXIS_PERCENT) / AXIS_STEP), 0)
    ring, figure, word, role = _ring(phase, texts)
    return EffortContent(
        words.title,
        _unit([level.reference for level in state.levels.values()], texts),
        words.counter.format(done=n_held, wanted=plan.count * state.n_sides) if plan else "",
        bars,
        tuple(_shares(shown, state.trends, worn, texts)),
        target,
        target_text,
        axis,
        ring,
        figure,
        word,
        role,
        _hint(state.trends, texts),
        () if shown is None else tuple(summary_lines(shown, worn, texts)),
    )


def _target(
    plan: HoldPlan | None, references: Sequence[OwnReference | None], texts: Texts
) -> tuple[tuple[float, float] | None, str]:
    """Give the band with its words; of a reference that grows with the squeeze a band says nothing, and none is shown.

    Before any reference is known nothing is said either way.
    """
    target, words = plan.target_percent if plan else None, texts.effort
    known = [reference for reference in references if reference is not None]
    if target is None or not known:
        return None, ""
    if not all(reference.is_measured for reference in known):
        return None, words.target_needs
    return target, words.target.format(low=figures.integer(target[0]), high=figures.integer(target[1]))


def _bar(site: Site, sites: list[Site], state: EffortState, texts: Texts) -> EffortBar:
    """Build one muscle's bar; the band is the glute's, since it is what the person is asked to squeeze."""
    words, percent = texts.effort, state.percents.get(site)
    figure = words.no_percent if percent is None else words.percent.format(value=figures.integer(percent))
    level = state.levels[site]
    return EffortBar(
        letter_of(site, sites), role_of(site), short_name(site, texts), level.percent, figure, has_target=site.is_glute
    )


def _unit(references: list[OwnReference | None], texts: Texts) -> str:
    """Say what 100 % is."""
    sources = {reference.source for reference in references if reference is not None}
    if not sources:
        return texts.effort.units_none
    return texts.effort.units[sources.pop()] if len(sources) == 1 else texts.effort.units_mixed


def _ring(phase: PhaseChanged, texts: Texts) -> tuple[float | None, str, str, str]:
    """Show what is left of work or rest."""
    if phase.phase not in (Phase.HOLD, Phase.REST) or phase.progress is None or phase.seconds_left is None:
        return None, "", "", "muted"
    works = phase.phase is Phase.HOLD
    word = texts.effort.work if works else texts.effort.rest
    return 1.0 - phase.progress, str(ceil(phase.seconds_left)), word, "hip" if works else "muted"


def _shares(
    shown: HoldSummary | None, running: dict[Side, ShareTrend], sites: Sequence[Site], texts: Texts
) -> Iterable[ShareBar]:
    """Show both muscles' shares of each side, while somebody holds as they are, else as the hold was."""
    trends = dict(shown.shares) if shown is not None else running
    for side in sorted(trends, key=lambda each: each.value):
        hamstring = figures.whole(100.0 * trends[side].share)
        line = texts.effort.share if len(trends) == 1 else texts.effort.share_of_side
        text = line.format(side=texts.sides[side], glute=100 - hamstring, hamstring=hamstring)
        roles = [role_of(site) for site in sites if site.is_hamstring and site.side is side]
        yield ShareBar(1.0 - trends[side].share, text, ("G", roles[0] if roles else "H"))


def _hint(trends: dict[Side, ShareTrend], texts: Texts) -> str:
    """Say that a hamstring takes over, the one that grew most."""
    growing = [(trend.grown, side.value, side) for side, trend in trends.items() if trend.taking_over]
    if not growing:
        return ""
    grown, _, side = max(growing)
    line = texts.effort.taking_over if len(trends) == 1 else texts.effort.taking_over_of_side
    end = trends[side].share + grown / 2
    return line.format(
        side=texts.sides[side], grown=figures.whole(100.0 * grown), share=figures.whole(100.0 * min(end, 1.0))
    )


def hold_title(summary: HoldSummary, texts: Texts) -> str:
    """Name a hold: its number, its side where it has one, and whether it was cut short."""
    words, hold = texts.effort, summary.hold
    title = (words.hold_title if hold.complete else words.hold_cut).format(number=hold.number)
    return title if hold.side is Side.MIDDLE else words.of_side.format(what=title, side=texts.sides[hold.side])


def summary_lines(summary: HoldSummary, sites: Sequence[Site], texts: Texts) -> Iterable[tuple[str, bool]]:
    """Write a hold in figures, the muscles of the side that held in the order of the bars."""
    hold = summary.hold
    yield hold_title(summary, texts), False
    for muscle in sorted(muscles_of(summary), key=lambda each: row_key(each.site)):
        if not (muscle.site.is_glute or muscle.site.is_hamstring):
            continue
        name = letter_of(muscle.site, sites)
        yield _mean_line(muscle, f"{name} {short_name(muscle.site, texts)}", hold.time_s - hold.start_s, texts), True
        yield fatigue_line(muscle.fatigue, texts), False
    yield from ((line, True) for line in [_hint(dict(summary.shares), texts)] if line)


def _mean_line(muscle: MuscleHold, name: str, length_s: float, texts: Texts) -> str:
    """Write how hard a muscle worked."""
    words = texts.effort
    if muscle.percent is None:
        return words.mean_none.format(name=name)
    percent = figures.integer(muscle.percent)
    if muscle.in_band_s is None or not muscle.site.is_glute:
        return words.mean.format(name=name, percent=percent)
    band, length = figures.whole(muscle.in_band_s), figures.whole(length_s)
    return words.mean_in_band.format(name=name, percent=percent, band=band, length=length)


def fatigue_line(fatigue: Fatigue, texts: Texts) -> str:
    """Write both slopes and what they are like, or why there are none."""
    words = texts.effort
    if fatigue.frequency is None or fatigue.amplitude is None:
        return words.no_slopes.format(what=describe(fatigue.reason, texts.words.reasons)[0]) if fatigue.reason else ""
    frequency, frequency_half = write_slope(fatigue.frequency, texts)
    amplitude, amplitude_half = write_slope(fatigue.amplitude, texts)
    slopes = words.slopes.format(
        frequency=frequency, frequency_half=frequency_half, amplitude=amplitude, amplitude_half=amplitude_half
    )
    return f"{slopes} · {words.directions[fatigue.frequency.direction, fatigue.amplitude.direction]}"


def write_slope(slope: Slope, texts: Texts) -> tuple[str, str]:
    """Write a slope and half its interval, rounded up."""
    low, high = slope.interval_percent_s
    rounded = f"{abs(slope.percent_s):.1f}"
    sign = "" if rounded == "0.0" else figures.MINUS if slope.percent_s < 0 else "+"
    written = f"{sign}{rounded}", f"{ceil((high - low) * 5.0) / 10:.1f}"
    value, half = (each.replace(".", texts.numbers.decimal) for each in written)
    return value, half
