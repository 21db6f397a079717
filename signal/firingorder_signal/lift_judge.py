"""Judge the order of one lift from the EMG around it.

Given when the leg (or the first muscle) began to move and how far the data reaches, find each muscle's rest and
onset, check the signal, and compare hamstring with glute. No state: the same stretch gives the same answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf

import numpy as np

from .baseline import find_rest
from .blocks import FloatArray, Site
from .crosstalk import cancel_crosstalk, resample_onto
from .doubts import GRACE_S, doubt_onset
from .emg_stream import EmgStream, Stretch
from .filters import USABLE_RATE_HZ
from .onset import NoOnset, OnsetParams, OnsetPosterior, locate_onset
from .order import compare_posteriors, null_lag_s, refuse
from .quality import StretchQuality, assess
from .results import Lag, Onset, Reason, ReasonCode, Verdict
from .rules import JudgementRules
from .runs import longest_run
from .shocks import ShockStream

#: The rest before a muscle's first alarm ends this much earlier: an alarm comes some 20 ms after the true onset, and
#: a slow rise is under way before it (`docs/onset.md`).
REST_GUARD_S = 0.15


@dataclass(frozen=True)
class LiftWindow:
    """Where to look: around which time, from when, and up to which time the data may be used.

    Attributes
    ----------
    newest_s
        Time of the newest sample of any stream. Before `until_s` the whole recording ends early, and what is missing
        was never recorded, not lost.
    """

    around_s: float
    search_from_s: float
    until_s: float
    newest_s: float = inf

    @property
    def ends_early(self) -> bool:
        """Whether the whole recording ends before `until_s`."""
        return self.newest_s < self.until_s

    def starts_s(self, rules: JudgementRules) -> float:
        """Where the stretch begins: before the search there is the rest."""
        return self.search_from_s - rules.baseline_search_s


@dataclass(frozen=True)
class MuscleFinding:
    """What was found of one muscle in one lift.

    Attributes
    ----------
    reason
        What forbids an order, whatever the onset.
    doubt
        Why the moment found may not be the muscle's own; the onset stands, and no order is told from it.
    """

    site: Site
    stretch: Stretch
    posterior: OnsetPosterior | NoOnset
    reason: Reason | None
    cautions: tuple[Reason, ...]
    doubt: Reason | None = None

    @property
    def onset(self) -> Onset:
        """The onset on the host clock, with the reason where there is none to be trusted."""
        return self.mark(replace(self.posterior.to_onset(self.stretch.offset_s), reason=self.reason))

    def mark(self, onset: Onset) -> Onset:
        """Note on this muscle's onset that it is in doubt, if it is."""
        return onset if self.doubt is None else replace(onset, cautions=(*onset.cautions, self.doubt))


#: Streams that stop within this of each other stop with the recording: a packet or two apart by radio. The limit at
#: which a sensor, not some samples, counts as lost (`LiftGates.lost_s`).
TOGETHER_S = 1.0
#: How onsets are estimated where nothing else is said.
DEFAULT_PARAMS = OnsetParams()
#: Stands for the stretch of a stream that has none.
EMPTY = Stretch(np.empty(0), np.empty(0), 0.0, 1000.0)


def examine_muscle(
    stream: EmgStream,
    site: Site,
    window: LiftWindow,
    rules: JudgementRules,
    neighbour: Stretch | None = None,
    params: OnsetParams = DEFAULT_PARAMS,
    sensors: Sequence[ShockStream] = (),
) -> MuscleFinding:
    """Find one muscle's onset in a lift, or why it cannot be told.

    Parameters
    ----------
    window
        `until_s` bounds the data used, so that the answer does not depend on how much more had arrived.
    neighbour
        The muscle it is compared with, whose leak into this channel is taken out first.
    params
        How the onset is estimated.
    sensors
        The motion sensors that feel a knock on this muscle's electrode.
    """
    # Samples that a lost sensor never sent are NaN here, whether or not a gap has been filled by now.
    if not stream.has_samples or window.ends_early:
        code = ReasonCode.ENDED_EARLY if stream.has_samples else ReasonCode.SENSOR_LOST
        return MuscleFinding(site, EMPTY, NoOnset(), Reason(code, site=site), ())
    if stream.rate_hz < USABLE_RATE_HZ:
        return MuscleFinding(site, EMPTY, NoOnset(), too_slow(stream.rate_hz, site, rules), ())
    alarm_s = stream.first_on(site, window.search_from_s, window.until_s)
    anchor_s = window.around_s if alarm_s is None else alarm_s
    stretch = stream.stretch(site, window.starts_s(rules), window.until_s, anchor_s)
    ended_s = stream.end_s if stream.end_s > window.newest_s - TOGETHER_S else window.until_s
    if (lost := _find_loss(stretch, site, window, anchor_s, ended_s, rules)) is not None:
        return MuscleFinding(site, stretch, NoOnset(), lost, ())
    rest_ends = stretch.row_of(min(anchor_s, window.around_s) - REST_GUARD_S)
    rest = find_rest(stretch.filtered_uv[:rest_ends], stretch.rate_hz, rules)
    if isinstance(rest, Reason):
        off = assess(stretch.raw_uv, stretch.rate_hz, stretch.range_uv).flat
        why = Reason(ReasonCode.ELECTRODE_OFF, site=site) if off else replace(rest, site=site)
        return MuscleFinding(site, stretch, NoOnset(), why, ())
    search = (stretch.row_of(window.search_from_s), len(stretch.filtered_uv))
    if search[0] >= search[1]:  # a damaged recording: this stream ends before the movement begins on another's
        return MuscleFinding(site, stretch, NoOnset(), Reason(ReasonCode.SENSOR_LOST, site=site), ())
    posterior = locate_onset(_take_leak_out(stretch, rest, neighbour, rules), stretch.rate_hz, rest, search, params)
    reason, cautions = _check_signal(stretch, rest, site, rules)
    found = MuscleFinding(site, stretch, posterior, reason, cautions)
    span_s = window.starts_s(rules), window.search_from_s, window.until_s - GRACE_S
    doubt = doubt_onset(found.onset, stretch, rest, sensors, span_s, rules)
    return found if doubt is None else replace(found, doubt=replace(doubt, site=site))


def too_slow(rate_hz: float, site: Site, rules: JudgementRules) -> Reason:
    """Say that a rate is too low for an order."""
    return Reason(ReasonCode.RATE_TOO_LOW, rate_hz, rules.rate_min_hz, "Hz", site)


def _take_leak_out(
    stretch: Stretch, rest: tuple[int, int], neighbour: Stretch | None, rules: JudgementRules
) -> FloatArray:
    """Subtract what leaks in from a neighbour; unchanged where the two muscles never rest together."""
    if neighbour is None:
        return stretch.filtered_uv
    rate_hz, n_rows = stretch.rate_hz, len(stretch.filtered_uv)
    other = resample_onto(
        neighbour.filtered_uv, neighbour.rate_hz, neighbour.offset_s, rate_hz, stretch.offset_s, n_rows
    )
    quiet = find_rest(other[: rest[1]], rate_hz, rules)
    if isinstance(quiet, Reason) or quiet[1] - max(rest[0], quiet[0]) < rules.baseline_s / 2 * rate_hz:
        return stretch.filtered_uv
    return cancel_crosstalk(stretch.filtered_uv, other, rate_hz, (max(rest[0], quiet[0]), quiet[1]))


def _find_loss(
    stretch: Stretch, site: Site, window: LiftWindow, anchor_s: float, ended_s: float, rules: JudgementRules
) -> Reason | None:
    """Name the longest gap around movement and alarm, where it is too long; what lies beyond `ended_s` is none."""
    start = stretch.row_of(min(window.around_s, anchor_s) - rules.gap_window_s)
    stop = stretch.row_of(max(window.around_s, anchor_s) + rules.gap_window_s)
    end = max(min(stop, stretch.row_of(ended_s)), start)
    missing = np.isnan(stretch.raw_uv)
    # To a millisecond: the borders of a long gap are known no better before its sensor is back.
    lost_s = round(longest_run(missing[start:end]) / stretch.rate_hz, 3)
    if lost_s > rules.gap_max_s:
        return Reason(ReasonCode.SAMPLES_LOST, lost_s, rules.gap_max_s, "s", site)
    if round(longest_run(missing[start:stop]) / stretch.rate_hz, 3) > rules.gap_max_s:
        return Reason(ReasonCode.ENDED_EARLY, site=site)
    return None


def _check_signal(
    stretch: Stretch, rest: tuple[int, int], site: Site, rules: JudgementRules
) -> tuple[Reason | None, tuple[Reason, ...]]:
    """Apply the gates that do not need an onset: electrode, clipping, mains, rest level, artefact."""
    active = assess(stretch.raw_uv[rest[1] :], stretch.rate_hz, stretch.range_uv)
    quiet = assess(stretch.raw_uv[slice(*rest)], stretch.rate_hz, stretch.range_uv)
    return _first_refusal(active, quiet, site, rules), _cautions(active, quiet, site, rules)


def _first_refusal(active: StretchQuality, quiet: StretchQuality, site: Site, rules: JudgementRules) -> Reason | None:
    """Name the first thing that forbids an order."""
    if active.flat or quiet.flat:
        return Reason(ReasonCode.ELECTRODE_OFF, site=site)
    if active.clipped > rules.clip_max:
        return Reason(ReasonCode.CLIPPING, active.clipped, rules.clip_max, "share", site)
    if quiet.mains is not None and quiet.mains > rules.mains_max:
        return Reason(ReasonCode.MAINS_HUM, quiet.mains, rules.mains_max, "share", site)
    if quiet.rms_uv is not None and rules.rest_refuse_uv is not None and quiet.rms_uv > rules.rest_refuse_uv:
        return Reason(ReasonCode.LOUD_REST, quiet.rms_uv, rules.rest_refuse_uv, "µV", site)
    # An active muscle drowns the hum that its rest had; a loose electrode hums louder than any muscle.
    if active.mains is not None and active.mains > rules.mains_max:
        return Reason(ReasonCode.ELECTRODE_OFF, site=site)
    return None


def _cautions(active: StretchQuality, quiet: StretchQuality, site: Site, rules: JudgementRules) -> tuple[Reason, ...]:
    """Name what should be looked at without forbidding an order."""
    found: list[Reason] = []
    if quiet.rms_uv is not None and rules.rest_warn_uv is not None and quiet.rms_uv > rules.rest_warn_uv:
        found.append(Reason(ReasonCode.LOUD_REST, quiet.rms_uv, rules.rest_warn_uv, "µV", site))
    if active.artefact is not None and active.artefact > rules.artefact_max:
        found.append(Reason(ReasonCode.MOVEMENT_ARTEFACT, active.artefact, rules.artefact_max, "share", site))
    return tuple(found)


def compare_muscles(
    hamstring: MuscleFinding, glute: MuscleFinding, sync_uncertainty_s: float, rules: JudgementRules
) -> Lag:
    """Compare the two muscles of a lift; the first reason found in either forbids an order."""
    reason = hamstring.reason or glute.reason
    if reason is not None:
        null_s = null_lag_s(hamstring.posterior, glute.posterior)
        return refuse(reason, hamstring.onset, glute.onset, sync_uncertainty_s, null_s)
    lag = compare_posteriors(
        hamstring.posterior,
        glute.posterior,
        (hamstring.stretch.offset_s, glute.stretch.offset_s),
        min(hamstring.stretch.rate_hz, glute.stretch.rate_hz),
        sync_uncertainty_s,
        rules,
        hamstring.cautions + glute.cautions,
        (hamstring.site, glute.site),
    )
    return _doubt_lag(lag, hamstring, glute)


def _doubt_lag(lag: Lag, hamstring: MuscleFinding, glute: MuscleFinding) -> Lag:
    """Carry a doubt about either onset to the lag: its figures stay to be looked at, and no order is told from them.

    Not a wider interval: a knock bounds nothing, since the muscle's own onset may lie anywhere beside it. That the
    other muscle never switched on is no order, and stands.
    """
    doubts = tuple(finding.doubt for finding in (hamstring, glute) if finding.doubt is not None)
    if not doubts:
        return lag
    lag = replace(lag, hamstring=hamstring.mark(lag.hamstring), glute=glute.mark(lag.glute))
    if lag.reason is not None or lag.lag_s is None:
        return replace(lag, cautions=doubts + lag.cautions)
    return replace(lag, verdict=Verdict.NOT_JUDGED, reason=doubts[0], cautions=doubts[1:] + lag.cautions)
