"""A made-up test as a stream of events, for looking at the window and for measuring it. No physiology, known times.

Two or more muscles, angles, lifts every five seconds; `until(time_s)` returns the events of that much time, in order.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from firingorder_session.events.live_events import (
    Asked,
    DataHealth,
    LiveEvent,
    Origin,
    Phase,
    PhaseChanged,
    RecordingChanged,
    SensorChanged,
    SensorPhase,
    SessionEnded,
    TestStarted,
)
from firingorder_signal.blocks import FloatArray, Side, Site, StreamInfo, StreamKind, Timebase
from firingorder_signal.events import (
    ChannelQuality,
    EmgTrace,
    LiftEnded,
    LiftJudged,
    LiftStarted,
    MotionTrace,
    SetUpdated,
)
from firingorder_signal.exercise import Exercise
from firingorder_signal.results import Lag, Lift, Movement, Onset, PelvisMotion, Reason, ReasonCode, SetResult, Verdict

HAMSTRING = Site.parse("hamstring_lateral/right")
GLUTE = Site.parse("gluteus_maximus/right")
BACK_LEFT = Site.parse("erector_spinae/left")
BACK_RIGHT = Site.parse("erector_spinae/right")
PELVIS = Site.parse("pelvis")
THIGH = Site.parse("thigh/right")
KIT_2 = (HAMSTRING, GLUTE)
KIT_4 = (*KIT_2, BACK_LEFT, BACK_RIGHT)
KIT_8 = (
    *KIT_4,
    Site.parse("hamstring_medial/right"),
    Site.parse("gluteus_medius/right"),
    Site.parse("tensor_fasciae_latae/right"),
    Site.parse("rectus_femoris/right"),
)
#: Onsets before the leg moves, s, and amplitudes, µV, by the row of the kit.
LEADS_S = (0.118, 0.034, 0.081, 0.052, 0.105, 0.020, 0.010, 0.0)
LEVELS_UV = (60.0, 50.0, 40.0, 30.0, 55.0, 35.0, 30.0, 25.0)
REST_UV = 4.0
RATE_HZ = 2000
ANGLE_RATE_HZ = 100
BLOCK_S = 0.02
FIRST_LIFT_S, LIFT_EVERY_S, RISE_S, HOLD_S = 5.0, 5.0, 0.9, 1.0


def stream_of(site: Site, rate_hz: int = RATE_HZ) -> StreamInfo:
    """Describe the stream of one muscle's sensor."""
    return StreamInfo(f"sensor-{site}/1", StreamKind.EMG, (site,), Fraction(rate_hz))


def make_onset(time_s: float | None, half_s: float = 0.006) -> Onset:
    """Make an onset with a symmetrical interval."""
    if time_s is None:
        return Onset(None)
    return Onset(time_s, (time_s - half_s, time_s + half_s), snr_db=20.0, rise_s=0.1, estimator="synthetic")


def make_lag(hamstring: Onset, glute: Onset, verdict: Verdict, reason: Reason | None = None) -> Lag:
    """Make a lag from two onsets, with a verdict given."""
    lag_s = None if hamstring.time_s is None or glute.time_s is None else glute.time_s - hamstring.time_s
    interval = None if lag_s is None else (lag_s - 0.012, lag_s + 0.012)
    null_s = None if lag_s is None else 0.009
    return Lag(lag_s, interval, None, null_s, verdict, reason, hamstring, glute, band_s=0.025)


def make_lift(
    number: int = 3, verdict: Verdict = Verdict.HAMSTRING_FIRST, start_s: float = 10.0, **changes: object
) -> Lift:
    """Make an ended lift of a kit of four with the verdict given."""
    times = dict(zip(KIT_4, (start_s - lead for lead in LEADS_S), strict=False))
    if verdict is Verdict.GLUTE_FIRST:
        times[HAMSTRING], times[GLUTE] = times[GLUTE], times[HAMSTRING]
    elif verdict is Verdict.SIMULTANEOUS:
        times[GLUTE] = times[HAMSTRING] + 0.011
    onsets = {site: make_onset(time_s) for site, time_s in times.items()}
    if verdict is Verdict.GLUTE_NOT_DETECTED:
        onsets[GLUTE] = make_onset(None)
    elif verdict is Verdict.HAMSTRING_NOT_DETECTED:
        onsets[HAMSTRING] = make_onset(None)
    reason = Reason(ReasonCode.LOW_SNR, 7.0, 10.0, "dB", GLUTE) if verdict is Verdict.NOT_JUDGED else None
    lift = Lift(
        number,
        Side.RIGHT,
        start_s,
        peak_s=start_s + RISE_S + HOLD_S / 2,
        end_s=start_s + 2 * RISE_S + HOLD_S,
        hip_range_deg=17.0,
        peak_speed_deg_s=22.0,
        hold_s=HOLD_S,
        exercise=Exercise.PRONE_LIFT,
        pelvis=PelvisMotion(tilt_deg=5.0, tilt_at_10_deg=2.0, tilt_lead_s=-0.15, rotation_deg=1.0),
        movement=Movement(start_s, start_s + 0.02),
        onsets=onsets,
        lag=make_lag(onsets[HAMSTRING], onsets[GLUTE], verdict, reason),
        valid=verdict is not Verdict.NOT_JUDGED,
        reason=reason,
    )
    return replace(lift, **changes)  # type: ignore[arg-type]  # keyword arguments are checked by replace itself


def make_set(lifts: Sequence[Lift], verdict: Verdict = Verdict.HAMSTRING_FIRST, **changes: object) -> SetResult:
    """Make a set's result over lifts."""
    result = SetResult(
        Side.RIGHT, "prone_hip_extension", tuple(lifts), verdict, None, 0.084, (0.061, 0.107), 0.009, 0.025
    )
    return replace(result, **changes)  # type: ignore[arg-type]  # keyword arguments are checked by replace itself


@dataclass
class Plan:
    """What the synthetic test shall show."""

    sites: tuple[Site, ...] = KIT_2
    n_lifts: int = 6
    origin: Origin = Origin.SIMULATED
    verdicts: tuple[Verdict, ...] = (Verdict.HAMSTRING_FIRST,)
    gap_s: tuple[float, float] | None = None  # samples of the first muscle lost
    rate_hz: int = RATE_HZ
    seed: int = 7
    block_s: float = BLOCK_S


class SyntheticTest:
    """Events of a made-up test, by time."""

    def __init__(self, plan: Plan | None = None) -> None:
        """Make all signals and all timed events at once."""
        self.plan = plan or Plan()
        self.duration_s = FIRST_LIFT_S + self.plan.n_lifts * LIFT_EVERY_S
        self.starts_s = [FIRST_LIFT_S + i * LIFT_EVERY_S for i in range(self.plan.n_lifts)]
        self._emg = {site: self._make_emg(i) for i, site in enumerate(self.plan.sites)}
        self._angles = self._make_angles()
        self._timed = sorted(self._script(), key=lambda pair: pair[0])
        self._time_s = 0.0

    def lifts(self) -> list[Lift]:
        """Make the lifts as they end."""
        verdicts = self.plan.verdicts
        return [self._lift(i, verdicts[i % len(verdicts)]) for i in range(self.plan.n_lifts)]

    def _lift(self, index: int, verdict: Verdict) -> Lift:
        """Make one lift with the plan's muscles."""
        start_s = self.starts_s[index]
        lift = make_lift(index + 1, verdict, start_s)
        extra = {site: make_onset(start_s - LEADS_S[i]) for i, site in enumerate(self.plan.sites)}
        onsets = {site: lift.onsets.get(site, extra[site]) for site in self.plan.sites}
        return replace(lift, onsets=onsets)

    def _activity(self, times_s: FloatArray, lead_s: float) -> FloatArray:
        """Shape of the effort, 0..1: rises before each lift, holds, falls."""
        effort = np.zeros_like(times_s)
        for start_s in self.starts_s:
            since = times_s - (start_s - lead_s)
            rise = np.clip(since / 0.12, 0, 1)
            fall = np.clip((2 * RISE_S + HOLD_S + 0.2 - since) / 0.6, 0, 1)
            effort = np.maximum(effort, np.minimum(rise, fall) * (since > 0))
        return effort

    def _make_emg(self, index: int) -> FloatArray:
        """Make one muscle's band-passed EMG."""
        rng = np.random.default_rng(self.plan.seed + index)
        times_s = np.arange(int(self.duration_s * self.plan.rate_hz)) / self.plan.rate_hz
        noise = rng.standard_normal(len(times_s))
        noise = np.convolve(noise, (0.25, 0.5, 0.25), mode="same") * 1.6
        emg = noise * (REST_UV + LEVELS_UV[index] * self._activity(times_s, LEADS_S[index]))
        if index == 0 and self.plan.gap_s is not None:
            emg[(times_s >= self.plan.gap_s[0]) & (times_s < self.plan.gap_s[1])] = np.nan
        return emg

    def _make_angles(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Make times, hip angle and pelvic tilt."""
        times_s = np.arange(int(self.duration_s * ANGLE_RATE_HZ)) / ANGLE_RATE_HZ
        hip = np.zeros_like(times_s)
        for start_s in self.starts_s:
            up = np.clip((times_s - start_s) / RISE_S, 0, 1)
            down = np.clip((times_s - start_s - RISE_S - HOLD_S) / RISE_S, 0, 1)
            hip += 17.0 * (0.5 - 0.5 * np.cos(np.pi * up)) - 17.0 * (0.5 - 0.5 * np.cos(np.pi * down))
        tilt = np.clip(hip - 4.0, 0, None) * 5.0 / 13.0
        return times_s, hip, tilt

    def _script(self) -> list[tuple[float, LiveEvent]]:
        """List everything that is not a trace, with its time."""
        sites = self.plan.sites
        pairs: list[tuple[str, tuple[Site, ...]]] = [("glute", (GLUTE, PELVIS)), ("hamstring", (HAMSTRING, THIGH))]
        pairs += [(str(site), (site,)) for site in sites[2:]]
        started = TestStarted(
            "prone_hip_extension",
            "Prone hip extension",
            Side.RIGHT,
            self.plan.n_lifts,
            self.plan.origin,
            titles={"de": "Hüftstreckung in Bauchlage"},
        )
        script: list[tuple[float, LiveEvent]] = [(0.0, started), (0.0, PhaseChanged(Phase.CONNECTING))]
        for link, both in pairs:
            script.append((0.0, SensorChanged(link, SensorPhase.CONNECTING)))
            script.append((0.5, SensorChanged(link, SensorPhase.STREAMING, link, both)))
        script.append((0.6, RecordingChanged("visit.fo", True)))
        for i in range(13):
            script.append((1.0 + i / 4, PhaseChanged(Phase.LIE_STILL, progress=i / 12, seconds_left=3 - i / 4)))
        script.append((4.1, PhaseChanged(Phase.READY, lift=1)))
        for second in range(1, int(self.duration_s)):
            script.append((float(second), DataHealth(float(second), 0, 0, 0, 0.05, 0.0012)))
            script += [(float(second), ChannelQuality(s, second, 10.0, 0.0, 0.1, 0.1, False, 0.0)) for s in sites]
        for i, lift in enumerate(self.lifts()):
            script += self._lift_script(i, lift)
        script.append((self.duration_s - 0.6, PhaseChanged(Phase.DONE)))
        script.append((self.duration_s - 0.05, SessionEnded()))
        return script

    def _lift_script(self, index: int, lift: Lift) -> list[tuple[float, LiveEvent]]:
        """List the events of one lift."""
        start_s, number = lift.start_s, lift.number
        so_far = self.lifts()[: index + 1]
        early = len(so_far) < 3
        verdict = Verdict.NOT_JUDGED if early else Verdict.HAMSTRING_FIRST
        reason = Reason(ReasonCode.TOO_FEW_LIFTS, float(len(so_far)), 3.0) if early else None
        judged = lift.verdict is not Verdict.NOT_JUDGED
        after = PhaseChanged(Phase.ANSWER, number) if judged else PhaseChanged(Phase.CHECK, number, reason=lift.reason)
        return [
            (start_s + 0.03, LiftStarted(number, start_s, Side.RIGHT)),
            (start_s + 0.03, PhaseChanged(Phase.LIFTING, lift=number)),
            (start_s + 0.45, LiftJudged(replace(lift, end_s=None, peak_s=None, hip_range_deg=None, valid=None))),
            (start_s + 0.46, after),
            (start_s + 3.0, LiftEnded(lift)),
            (start_s + 3.0, SetUpdated(make_set(so_far, verdict, reason=reason))),
        ]

    def until(self, time_s: float) -> list[LiveEvent]:
        """Return the events from the last call's time to this one, block by block."""
        events: list[LiveEvent] = []
        block_s = self.plan.block_s
        while self._time_s + block_s <= min(time_s, self.duration_s) + 1e-9:
            start_s, self._time_s = self._time_s, round(self._time_s + block_s, 6)
            if start_s >= 0.5:
                events += self.traces(start_s, self._time_s)
            while self._timed and self._timed[0][0] < self._time_s:
                events.append(self._timed.pop(0)[1])
        return events

    def traces(self, start_s: float, stop_s: float) -> list[LiveEvent]:
        """Cut all signals between two times."""
        events: list[LiveEvent] = []
        for site, emg in self._emg.items():
            first, last = round(start_s * self.plan.rate_hz), round(stop_s * self.plan.rate_hz)
            values = np.ascontiguousarray(emg[first:last, np.newaxis])
            base = Timebase(0, 0.0, 1 / self.plan.rate_hz)
            events.append(EmgTrace(stream_of(site, self.plan.rate_hz), first, values, base))
        first, last = round(start_s * ANGLE_RATE_HZ), round(stop_s * ANGLE_RATE_HZ)
        time_s, hip_deg, tilt_deg = (part[first:last] for part in self._angles)
        events.append(MotionTrace(time_s, hip_deg, tilt_deg, Side.RIGHT))
        return events


class FakeHandle:
    """A session handle over a list that the test fills; keeps the commands it was given."""

    def __init__(self) -> None:
        """Start with nothing to drain."""
        self.waiting: list[LiveEvent] = []
        self.commands: list[Asked] = []
        self.closed = 0

    def drain(self) -> list[LiveEvent]:
        """Hand over everything that waits."""
        events, self.waiting = self.waiting, []
        return events

    def command(self, command: Asked) -> None:
        """Keep a command."""
        self.commands.append(command)

    def close(self) -> None:
        """Count the call."""
        self.closed += 1
