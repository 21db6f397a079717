"""What a cheap inertial chip makes of what is felt, and how its case was put on, in the second motion generator."""

import numpy as np

from benchmarks.motion_other_chain import GRAVITY_M_S2, FloatArray
from benchmarks.motion_other_params import OtherParams
from firingorder_bridge.virtual.session_params import Placement

#: Where sensors sit, as `blocks.Site` writes it.
SITES = ("pelvis", "thigh/right", "thigh/left", "shank/right")
# A case on the skin comes to its temperature this slowly (time constant).
WARMING_S = (100.0, 400.0)


def worn_at(placement: Placement, site: str) -> str:
    """Where the sensor that is called `site` really sits."""
    places = {name: name for name in SITES}
    if placement.wrong_leg:
        places["thigh/right"], places["thigh/left"] = places["thigh/left"], places["thigh/right"]
    if placement.swapped:
        places["pelvis"], places["thigh/right"] = places["thigh/right"], places["pelvis"]
    return places[site]


def measure(
    seed: int, params: OtherParams, site: str, rate_hz: float, felt: tuple[FloatArray, FloatArray]
) -> FloatArray:
    """Specific force (m/s²) and angular rate (rad/s), (3, n) each, as the chip called `site` reports them; (n, 6)."""
    rng = np.random.default_rng([seed, 5, SITES.index(site)])
    errors, (force, rate) = params.sensor, felt
    mounting = _put_on(params.placement, site) @ _crooked(rng.uniform(-1.0, 1.0, 3) * params.mounting_deg)
    acc = _imperfect(rng, params) @ mounting @ force
    gyr = _imperfect(rng, params) @ mounting @ rate
    n = acc.shape[1]
    bandwidth = np.sqrt(rate_hz / 2.0)
    acc += errors.acc_bias_g * GRAVITY_M_S2 * rng.uniform(-1.0, 1.0, (3, 1))
    acc += errors.acc_noise_g_rthz * GRAVITY_M_S2 * bandwidth * rng.standard_normal((3, n))
    bias_dps = errors.gyr_bias_dps * rng.uniform(-1.0, 1.0, (3, 1))
    if params.gyr_bias_dps is not None:
        bias_dps = params.gyr_bias_dps * rng.choice([-1.0, 1.0], (3, 1))
    worn_s = np.arange(n, dtype=np.float64) / rate_hz
    warming_k = errors.warming_k * (1.0 - np.exp(-worn_s / float(rng.uniform(*WARMING_S))))
    dps = np.degrees(gyr) + bias_dps + errors.drift_dps_k * rng.uniform(-1.0, 1.0, (3, 1)) * warming_k
    dps += errors.gyr_noise_dps_rthz * bandwidth * rng.standard_normal((3, n))
    acc = _quantised(acc, errors.acc_range_g * GRAVITY_M_S2)
    gyr = np.radians(_quantised(dps, errors.gyr_range_dps))
    return np.ascontiguousarray(np.concatenate([acc, gyr]).T)


def _put_on(placement: Placement, site: str) -> FloatArray:
    """Matrix from the axes of a case put on well to those of the case as it was put on."""
    turn_deg, face_down = 0.0, False
    if site == "pelvis":
        turn_deg, face_down = placement.pelvis_turn_deg, placement.pelvis_face_down
    elif site == "thigh/right":
        turn_deg, face_down = placement.thigh_turn_deg, placement.thigh_face_down
    turn = _about(2, turn_deg)
    return _about(0, 180.0) @ turn if face_down else turn


def _crooked(angles_deg: FloatArray) -> FloatArray:
    return _about(0, angles_deg[0]) @ _about(1, angles_deg[1]) @ _about(2, angles_deg[2])


def _about(axis: int, angle_deg: float) -> FloatArray:
    """Matrix (3, 3) that gives vectors in axes turned about x, y or z."""
    one, two = (axis + 1) % 3, (axis + 2) % 3
    cosine, sine = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    out = np.eye(3)
    out[one, one] = out[two, two] = cosine
    out[one, two], out[two, one] = sine, -sine
    return out


def _imperfect(rng: np.random.Generator, params: OtherParams) -> FloatArray:
    """Scale of each axis and what it hears of the others, shape (3, 3)."""
    cross = params.sensor.cross_axis * rng.uniform(-1.0, 1.0, (3, 3))
    np.fill_diagonal(cross, 1.0 + params.sensor.scale * rng.uniform(-1.0, 1.0, 3))
    return cross


def _quantised(values: FloatArray, full_scale: float) -> FloatArray:
    """Round to 16 bits of +-`full_scale` and end there; 0 leaves all as it is."""
    if not full_scale:
        return values
    step = full_scale / 2**15
    return np.asarray(np.clip(np.round(values / step), -(2**15), 2**15 - 1) * step, dtype=np.float64)
