"""What the analysis says: onsets, lags, lifts, sets, verdicts and the reasons for saying nothing.

Plain frozen records. They refuse nothing; `rules.py` holds the limits, `order.py` and `set_verdict.py` apply them. An
onset is told to the nanosecond and the billionth of a decibel: what lies below is rounding, and differs with the unit
the signal came in. All times are seconds on the host clock, counted from the recording's origin, or from the
start of the array for the calls that take arrays. Lag = t(gluteus maximus) - t(hamstring); positive = hamstring first.
"""

from dataclasses import dataclass, field
from enum import Enum

from .blocks import Side, Site, SyncClass
from .exercise import Exercise

#: Digits an onset is told to, in seconds and decibels; evidence, a sum of thousands of logarithms, is exact to fewer.
N_DIGITS = 9
N_EVIDENCE_DIGITS = 6


class Verdict(Enum):
    """The answer of a lift or a set."""

    HAMSTRING_FIRST = "hamstring_first"
    GLUTE_FIRST = "glute_first"
    SIMULTANEOUS = "simultaneous"
    INCONCLUSIVE = "inconclusive"
    GLUTE_NOT_DETECTED = "glute_not_detected"
    HAMSTRING_NOT_DETECTED = "hamstring_not_detected"
    NOT_JUDGED = "not_judged"


class ReasonCode(Enum):
    """Why a lift or set was not judged, or is judged with caution."""

    LOW_SNR = "low_snr"
    CLIPPING = "clipping"
    ELECTRODE_OFF = "electrode_off"
    RESTLESS_BASELINE = "restless_baseline"
    NO_BASELINE = "no_baseline"
    LOUD_REST = "loud_rest"
    SAMPLES_LOST = "samples_lost_at_onset"
    CLOCKS_NOT_ALIGNED = "clocks_not_aligned"
    TAP_RATE = "tap_rate"
    NO_TAPS = "no_taps"
    TOO_FEW_TAPS = "too_few_taps"
    TAPS_DISAGREE = "taps_disagree"
    RATE_TOO_LOW = "rate_too_low"
    RATE_LOW = "rate_low"
    MAINS_HUM = "mains_hum"
    MOVEMENT_ARTEFACT = "movement_artefact"
    SHOCK_AT_ONSET = "shock_at_onset"
    METHODS_DISAGREE = "methods_disagree"
    LIFT_TOO_SMALL = "lift_too_small"
    LIFT_TOO_LARGE = "lift_too_large"
    LIFT_TOO_FAST = "lift_too_fast"
    LIFT_TOO_SLOW = "lift_too_slow"
    NOT_STILL_BEFORE = "not_still_before"
    KNEE_BENT = "knee_bent"
    PELVIS_TILTED = "tilted_pelvis"
    OTHER_EXERCISE = "other_exercise"
    THIGH_TURNED = "thigh_sensor_turned"
    THIGH_FACE_DOWN = "thigh_sensor_face_down"
    PELVIS_FACE_DOWN = "pelvis_sensor_face_down"
    SENSORS_SWAPPED = "motion_sensors_swapped"
    THIGH_STAYED = "thigh_sensor_stayed"
    SENSOR_LOST = "sensor_lost"
    SENSOR_MISSING = "sensor_missing"
    TOO_FEW_LIFTS = "too_few_lifts"
    NO_LIFT = "no_lift_found"
    ENDED_EARLY = "recording_ended"
    REPEATED = "repeated_on_request"
    TOO_SHORT = "too_short"
    SAMPLES_MISSING = "samples_missing"
    FLAT_LINE = "flat_line"
    INFINITE_VALUES = "infinite_values"
    HOLD_SHORT = "hold_short"
    HOLD_UNSTEADY = "hold_unsteady"
    HOLD_NEAR_REST = "hold_near_rest"
    RATE_NO_SPECTRUM = "rate_no_spectrum"
    NO_ACTIVITY = "no_activity"
    NO_CERTAINTY = "method_without_certainty"


@dataclass(frozen=True)
class Reason:
    """A reason with its measured figure, the limit it broke and the plain-language fix (`reasons.py` has the words)."""

    code: ReasonCode
    figure: float | None = None
    limit: float | None = None
    unit: str = ""
    site: Site | None = None


@dataclass(frozen=True)
class RiseBelief:
    """An onset given one kind of rise: what the lifts of a set can pool, because a muscle rises alike in each.

    Attributes
    ----------
    kind
        Value of `levels.Shape`.
    log_evidence
        Log of how much better than expected beforehand this kind explains the signal (posterior over prior).
    time_s, sd_s
        Mean and standard deviation of the onset, were this the kind.
    """

    kind: str
    log_evidence: float
    time_s: float
    sd_s: float

    def __post_init__(self) -> None:
        """Leave off what is rounding."""
        object.__setattr__(self, "log_evidence", _told(self.log_evidence, N_EVIDENCE_DIGITS))
        object.__setattr__(self, "time_s", _told(self.time_s))
        object.__setattr__(self, "sd_s", _told(self.sd_s))


@dataclass(frozen=True)
class Correction:
    """Where a person has put an onset, with the precision they claim for it, who it was and when (ISO 8601)."""

    time_s: float
    within_s: float
    by: str
    at: str


@dataclass(frozen=True)
class Onset:
    """When a muscle switched on.

    Attributes
    ----------
    time_s
        Median of the posterior; None when no onset is there.
    ci90_s
        5 % and 95 % quantile of the posterior, seconds.
    snr_db
        20 log10(RMS active / RMS rest) in the EMG band.
    rise_s
        Time from rest to plateau, seconds.
    reference_s
        The Hodges-Bui 1996 onset (50 Hz low-pass, mean + 3 SD, 25 ms) beside it; None when that rule finds none.
    reason
        Why there is none, or why the one there is must not be trusted; None for an onset to rely on.
    by_rise
        The onset under each kind of rise, for pooling over a set; empty without an onset.
    cautions
        What was noticed about the signal and does not forbid relying on the onset.
    corrected, found
        Who moved it by hand, and the onset that was there before; None for an onset as it was found.
    """

    time_s: float | None
    ci90_s: tuple[float, float] | None = None
    snr_db: float | None = None
    rise_s: float | None = None
    estimator: str = ""
    reference_s: float | None = None
    rest_uv: float | None = None
    active_uv: float | None = None
    reason: Reason | None = None
    by_rise: tuple[RiseBelief, ...] = ()
    cautions: tuple[Reason, ...] = ()
    corrected: Correction | None = None
    found: "Onset | None" = None

    def __post_init__(self) -> None:
        """Leave off what is rounding."""
        for name in ("time_s", "snr_db", "rise_s", "reference_s"):
            object.__setattr__(self, name, _told(getattr(self, name)))
        if self.ci90_s is not None:
            object.__setattr__(self, "ci90_s", (_told(self.ci90_s[0]), _told(self.ci90_s[1])))


def _told(value: float | None, n_digits: int = N_DIGITS) -> float | None:
    """Round to what is told, without a negative zero."""
    return None if value is None else round(value, n_digits) + 0.0


@dataclass(frozen=True)
class Lag:
    """How long the glute came after the hamstring in one lift, and how sure that is.

    Attributes
    ----------
    null_lag_s
        What equal onsets with these SNRs and rise times would have shown by this very estimator; given for every lift
        in which it found both, whether the order may be judged or not.
    band_s
        Half width of the band inside which the two count as together.
    cautions
        Reasons that widened the band without forbidding a verdict.
    sync
        How the two sensors came to share a clock; None where nobody said, as of bare arrays.
    """

    lag_s: float | None
    ci90_s: tuple[float, float] | None
    p_hamstring_first: float | None
    null_lag_s: float | None
    verdict: Verdict
    reason: Reason | None
    hamstring: Onset
    glute: Onset
    band_s: float | None = None
    sync_uncertainty_s: float = 0.0
    cautions: tuple[Reason, ...] = ()
    sync: SyncClass | None = None


@dataclass(frozen=True)
class Movement:
    """The start of movement of the leg: refined time, and how much it can be trusted."""

    time_s: float
    trigger_s: float
    confident: bool = True


@dataclass(frozen=True)
class PelvisMotion:
    """What the pelvis did in one lift, from its rest just before; None where it cannot be told.

    Attributes
    ----------
    tilt_deg
        Largest tilt with its sign: positive = anterior.
    tilt_at_10_deg
        Tilt when the hip first reached 10 degrees.
    tilt_lead_s
        How long before the hip the pelvis moved, both timed at 30 % of their way; negative = after it.
    rotation_deg
        Turn about the pelvis's own long axis while the leg was held: positive = left side backwards. Good to about
        a degree: a sensor stuck on 10 degrees off its arrow lets a sixth of the tilt in.
    hike_deg
        Turn in the frontal plane while the leg was held: positive = left side towards the head.
    obliquity_deg
        How much more the left side is above the right while the leg is held.
    back_from_deg
        Hip flexion from which on the pelvis tilted backwards; in flexion alone.
    """

    tilt_deg: float | None = None
    tilt_at_10_deg: float | None = None
    tilt_lead_s: float | None = None
    rotation_deg: float | None = None
    hike_deg: float | None = None
    obliquity_deg: float | None = None
    back_from_deg: float | None = None


@dataclass(frozen=True)
class Lift:
    """One repetition. Fields not known yet, or not measured, are None; `valid` is None until the lift has ended."""

    number: int
    side: Side
    start_s: float
    peak_s: float | None = None
    end_s: float | None = None
    hip_range_deg: float | None = None
    peak_speed_deg_s: float | None = None
    hold_s: float | None = None
    exercise: Exercise | None = None
    pelvis: PelvisMotion = PelvisMotion()
    knee_deg: float | None = None
    flexion_deg: float | None = None
    movement: Movement | None = None
    onsets: dict[Site, Onset] = field(default_factory=dict[Site, Onset])
    lag: Lag | None = None
    valid: bool | None = None
    reason: Reason | None = None

    @property
    def verdict(self) -> Verdict:
        """The lift's order verdict; `not_judged` without a lag or when the lift itself is not valid."""
        if self.lag is None or self.valid is False:
            return Verdict.NOT_JUDGED
        return self.lag.verdict


@dataclass(frozen=True)
class SetResult:
    """The lifts of one side.

    Attributes
    ----------
    lag_s
        Lag of the set: the median over its valid, judged lifts of the lags that all of them together make most likely
        (`pooling.py`). The median of their own lags, told one by one, is another figure.
    lifts_to_settle
        How many more lifts would probably settle an inconclusive set; None when settled or not to be told.
    sync
        How the pair's sensors came to share a clock, at the worst of the lifts.
    placement
        What is wrong with the places of the motion sensors.
    pelvis
        Medians over the valid lifts that the person made, each figure by itself.
    active_range_deg, passive_range_deg
        Largest way of the hip in a lift in which a muscle of the pair was found, and in one in which neither was: the
        examiner lifts. `set_motion.py` says which lifts are looked at.
    """

    side: Side
    protocol: str
    lifts: tuple[Lift, ...]
    verdict: Verdict
    reason: Reason | None = None
    lag_s: float | None = None
    ci90_s: tuple[float, float] | None = None
    null_lag_s: float | None = None
    band_s: float | None = None
    lifts_to_settle: int | None = None
    sync: SyncClass | None = None
    placement: tuple[Reason, ...] = ()
    pelvis: PelvisMotion = PelvisMotion()
    active_range_deg: float | None = None
    passive_range_deg: float | None = None

    @property
    def n_valid(self) -> int:
        """Lifts that entered the verdict: valid, with an answer, if only that a muscle was not found."""
        return sum(1 for lift in self.lifts if lift.valid and lift.verdict is not Verdict.NOT_JUDGED)

    def _repr_html_(self) -> str:
        """Return what a notebook shows: the verdict and a row a lift."""
        from .result_html import write_sets

        return write_sets((self,))
