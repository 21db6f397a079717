"""Different seeds, different patients: parameters drawn around published means."""

from dataclasses import replace

from .chance import about, generator
from .settings import MuscleParams, RiseShape, SetParams

# Spread between people. Lags: Lewis & Sahrmann 2009 give an SD of 70-82 ms a muscle; half of it keeps a demonstration
# an ordinary one. SNR and rise: judgement.
LAG_SD_S = 0.04
LEAD_SD_S = 0.02
SNR_SD_DB = 2.0
RISE_SHARE = (0.7, 1.6)


def draw_patient(seed: int, base: SetParams | None = None) -> SetParams:
    """Draw a patient around `base` (None = the defaults): lag, lead, range, and each muscle's SNR and rise."""
    base = base or SetParams()
    rng = generator(seed, "patient")
    lag_s = base.lag_s + float(rng.normal(0.0, LAG_SD_S))
    lead_s = about(rng, base.lead_s, LEAD_SD_S, 0.05, 0.2)
    hip_deg = about(rng, base.task.hip_deg, base.task.hip_sd_deg, 0.7 * base.task.hip_deg, 1.3 * base.task.hip_deg)
    task = replace(base.task, hip_deg=hip_deg, tilt_share=base.task.tilt_share * float(rng.uniform(0.6, 1.4)))
    hamstring, glute = (_draw_muscle(muscle, seed, name) for name, muscle in base.muscles.items())
    return replace(base, lag_s=lag_s, lead_s=lead_s, task=task, hamstring=hamstring, glute=glute)


def _draw_muscle(muscle: MuscleParams, seed: int, name: str) -> MuscleParams:
    rng = generator(seed, "patient", name)
    snr_db = None if muscle.snr_db is None else muscle.snr_db + about(rng, 0.0, SNR_SD_DB, -4.0, 4.0)
    rise_s = float(min(0.4, max(0.05, muscle.rise_s * rng.uniform(*RISE_SHARE))))
    shapes = (RiseShape.LINEAR, RiseShape.QUADRATIC, RiseShape.COSINE)
    return replace(muscle, snr_db=snr_db, rise_s=rise_s, rise_shape=shapes[int(rng.integers(len(shapes)))])
