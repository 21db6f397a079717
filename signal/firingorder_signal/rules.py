"""The rules of judgement: every limit that turns a measurement into a verdict, in one frozen record.

Numbers marked J are engineering judgements, kept overridable; the others name their source. The record is stored with
each result through its hash, so that a verdict can always be told what it was judged by.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class JudgementRules:
    """Limits of a verdict. Change one with `dataclasses.replace`; the hash in the result changes with it."""

    # EMG band: De Luca 2010 (20 Hz corner), SENIAM (500 Hz; 450 keeps clear of a 1 kHz Nyquist).
    band_hz: tuple[float, float] = (20.0, 450.0)
    # Below this no order (J: 4 ms grid and a Nyquist inside the EMG band); below the second, a wider band (J).
    rate_min_hz: float = 500.0
    rate_full_hz: float = 1000.0
    low_rate_band_s: float = 0.030
    # SNR gates: the bias table computed from Staude 2001's model; >= 14 dB residual bias stays within 10 ms.
    snr_min_db: float = 10.0
    snr_full_db: float = 14.0
    # Two-channel detection SD 8-20 ms at SNR >= 14 dB plus residual bias: a device floor (J).
    band_floor_s: float = 0.025
    # Equivalence margin of `simultaneous` (J; Lewis & Sahrmann 2009 call -6..+86 ms "nearly simultaneous").
    equivalence_s: float = 0.050
    # Clock error: above the first the band widens, above the second no verdict (J).
    sync_caution_s: float = 0.005
    sync_max_s: float = 0.020
    # A gap longer than this within the window around the movement invalidates the lift (J).
    gap_max_s: float = 0.010
    gap_window_s: float = 0.500
    # Methods that disagree by more than this are a caution (J).
    methods_agree_s: float = 0.025
    # Baseline: quietest contiguous half second of at least one quiet second before the lift (J).
    baseline_s: float = 0.5
    baseline_search_s: float = 2.0
    # RMS at rest in the EMG band: a caution, then no order (J; hardware dependent). None = any level will do.
    rest_warn_uv: float | None = 10.0
    rest_refuse_uv: float | None = 20.0
    # Clipped share of samples (J), mains share of the baseline's power (J), share of power below 20 Hz (J).
    clip_max: float = 0.001
    mains_max: float = 0.5
    artefact_max: float = 0.3
    # A knock at an onset. A motion sensor's jerk is a shock above this, and above so many medians of its own at rest: a
    # lift of 20° in half a second makes some 50 m/s³ a quarter of a metre from the hip, sensor noise 3.2 medians in a
    # minute (Maxwell distribution; J). The raw EMG leaps within that of it, by so many medians of its leaps at rest:
    # normal noise reaches 5 to 6 in a second (J).
    shock_m_s3: float = 100.0
    shock_times: float = 6.0
    shock_within_s: float = 0.030
    step_times: float = 10.0
    # And then lies to one side: power below 20 Hz over power above, in the 50 ms after the leap. Simulated knocks, 5 %
    # quantile 0.8-1.1; beginnings of bursts, 99 % quantile 0.46 (`benchmarks/knocks.py`, seeds 100-179).
    step_low: float = 0.5
    # EMG onsets are sought this long before and after the start of movement (Lewis & Sahrmann 2009 plus 3 SD).
    search_before_s: float = 0.8
    search_after_s: float = 0.8
    # A lift: accepted range and peak speed of a prone hip extension (J, after Tateuchi 2012 and Chang 2006).
    hip_min_deg: float = 5.0
    hip_max_deg: float = 20.0
    speed_min_deg_s: float = 5.0
    speed_max_deg_s: float = 60.0
    # A set: fewer valid lifts than this give no set verdict; six are asked for (J, from the interval table:
    # `docs/judgement.md`).
    lifts_min: int = 5
    lifts_wanted: int = 6
    # Confidence of every interval, and P above which a single lift is called.
    p_decided: float = 0.95
