"""What a simulated patient and a simulated set are made of: frozen, physical, in SI or microvolts.

The defaults are one ordinary healthy adult; `patient.py` draws others. Levels of interference are multiples of the
sensor noise, as in the table of peers the project compares itself with, and are 0 = off.
"""

from dataclasses import dataclass, field
from enum import Enum

from firingorder_signal.blocks import Site

from .tasks import PRONE_HIP_EXTENSION, Task

# The band in which SNR and noise are defined: De Luca 2010 (20 Hz), upper corner clear of a 1 kHz Nyquist.
EMG_BAND_HZ = (20.0, 450.0)


class RiseShape(Enum):
    """How the amplitude climbs from rest to plateau."""

    LINEAR = "linear"
    QUADRATIC = "quadratic"
    COSINE = "cosine"
    SQRT = "sqrt"


class EmgModel(Enum):
    """What makes the interference pattern: shaped noise, or action potentials of a pool of motor units."""

    GAUSS = "gauss"
    MOTOR_UNITS = "motor-units"


@dataclass(frozen=True)
class MuscleParams:
    """One muscle under its electrodes.

    Attributes
    ----------
    snr_db
        Plateau EMG power over noise power, both in 20-450 Hz; None = the muscle never switches on.
    rise_s
        Onset to plateau, seconds. Ballistic to slow ramps: 50-400 ms.
    noise_uv
        RMS of the sensor noise in 20-450 Hz, microvolts (85 % white, 15 % pink power).
    """

    site: Site
    snr_db: float | None = 20.0
    rise_s: float = 0.1
    rise_shape: RiseShape = RiseShape.LINEAR
    model: EmgModel = EmgModel.GAUSS
    noise_uv: float = 2.5

    @property
    def plateau_uv(self) -> float:
        """RMS of the muscle alone at its plateau, 20-450 Hz, microvolts."""
        return 0.0 if self.snr_db is None else float(self.noise_uv * 10 ** (self.snr_db / 20))


@dataclass(frozen=True)
class InterferenceParams:
    """What else the electrodes pick up.

    Attributes
    ----------
    mains
        RMS of the mains hum over the noise RMS (dirty: 0.5-2), at `mains_hz` with its third harmonic.
    ecg
        R peak over the noise RMS (dirty: 1-5).
    artefact
        Peak of the movement transients (1-9 Hz) over the noise RMS (dirty: 4-20).
    crosstalk
        Share of the other muscle's amplitude that arrives here, low-passed and later (dirty: 0.05-0.15).
    tonic
        RMS of the muscle's own activity at rest over the noise RMS (dirty: 0.1-0.9).
    """

    mains: float = 0.0
    mains_hz: float = 50.0
    ecg: float = 0.0
    artefact: float = 0.0
    crosstalk: float = 0.0
    crosstalk_delay_s: float = 0.001
    tonic: float = 0.0


@dataclass(frozen=True)
class ImuParams:
    """An inertial sensor of the usual kind and how it sits on the body; all spreads are standard deviations."""

    gyr_noise_dps: float = 0.07  # 7 mdps/rtHz over the 100 Hz of a 200 Hz stream (LSM6DS3 datasheet class)
    gyr_bias_dps: float = 0.7
    gyr_walk_dps: float = 0.002  # per root second
    gyr_scale: float = 0.01
    acc_noise_m_s2: float = 0.0157  # 160 ug/rtHz over 100 Hz
    acc_bias_m_s2: float = 0.196  # 20 mg
    acc_scale: float = 0.005
    misalignment_deg: float = 0.5
    mounting_deg: float = 8.0
    sway_deg: float = 0.15
    breathing_deg: float = 0.3
    soft_tissue: float = 0.0  # share of the hip angle the skin does not follow; 0.1 brings bulge and wobble with it


def _hamstring() -> MuscleParams:
    return MuscleParams(Site.parse("hamstring_lateral/right"), snr_db=24.0, rise_s=0.08)


def _glute() -> MuscleParams:
    return MuscleParams(Site.parse("gluteus_maximus/right"), snr_db=20.0, rise_s=0.15)


@dataclass(frozen=True)
class SetParams:
    """A set of lifts of one patient.

    Attributes
    ----------
    lag_s, lag_sd_s
        t(glute) - t(hamstring): the patient's mean and its scatter from lift to lift. Mean from Lewis & Sahrmann 2009
        (lateral hamstring 100.2, gluteus maximus 11.5 ms before movement: 89 ms); scatter 20 ms (judgement).
    lead_s, lead_sd_s
        Hamstring onset before the start of movement (Lewis & Sahrmann 2009: 100 ms); scatter 20 ms (judgement).
    quiet_s, rest_s, tail_s
        Rest before the first lift, at least between two, and after the last one.
    """

    hamstring: MuscleParams = field(default_factory=_hamstring)
    glute: MuscleParams = field(default_factory=_glute)
    interference: InterferenceParams = field(default_factory=InterferenceParams)
    imu: ImuParams = field(default_factory=ImuParams)
    task: Task = PRONE_HIP_EXTENSION
    n_lifts: int = 6
    quiet_s: float = 5.0
    rest_s: float = 8.0
    tail_s: float = 3.0
    lag_s: float = 0.089
    lag_sd_s: float = 0.02
    lead_s: float = 0.1
    lead_sd_s: float = 0.02

    @property
    def muscles(self) -> dict[str, MuscleParams]:
        """The two muscles by the short names that faults, truth and options use."""
        return {"hamstring": self.hamstring, "glute": self.glute}
