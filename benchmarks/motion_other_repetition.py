"""What a repetition of the second generator is put together from: strokes of joints, and a pelvis that gives way."""

from dataclasses import dataclass, field

import numpy as np

from benchmarks.motion_other_joints import Joint
from benchmarks.motion_other_params import OtherParams, Range
from benchmarks.motion_other_shapes import FloatArray, Shape, Stroke, draw_shape
from firingorder_bridge.virtual.session_truth import TrueLift
from firingorder_signal.blocks import Side


@dataclass(frozen=True)
class GivingWay:
    """The pelvis tilts back by a share of the flexion beyond `from_deg`, softly within the first `soft_deg`."""

    hip: tuple[Stroke, ...]
    rest_deg: float
    from_deg: float
    share: float
    soft_deg: float = 5.0

    def course(self, t_s: FloatArray) -> FloatArray:
        """Pelvic tilt at times (n,), shape (3, n)."""
        flexion = -sum((stroke.course(t_s) for stroke in self.hip), np.zeros((3, len(t_s))))
        x = np.clip((flexion[0] - self.rest_deg - self.from_deg) / self.soft_deg, 0.0, 1.0)
        beyond = np.maximum(flexion[0] - self.rest_deg - self.from_deg - self.soft_deg, 0.0)
        value = self.soft_deg * x**3 * (1.0 - 0.5 * x) + beyond
        slope, bend = x**2 * (3.0 - 2.0 * x), 6.0 * x * (1.0 - x) / self.soft_deg
        return -self.share * np.array([value, slope * flexion[1], slope * flexion[2] + bend * flexion[1] ** 2])

    def add(self, joints: FloatArray, t_s: FloatArray) -> None:
        """Add this to joints (3, joints, n) at sorted times (n,); the left leg stays where it lies."""
        first, last = np.searchsorted(t_s, [self.hip[0].start_s, self.hip[-1].stop_s])
        tilt = self.course(t_s[first:last])
        joints[:, Joint.TILT, first:last] += tilt
        joints[:, Joint.LEFT_PITCH, first:last] -= tilt


@dataclass(frozen=True)
class Lift:
    """A repetition: its parts, its truth, and where it leaves the right hip with respect to before."""

    truth: TrueLift
    parts: tuple[Stroke | GivingWay, ...]
    settle_deg: float = 0.0


@dataclass
class Maker:
    """Times and shape that all parts of one lift share, and the parts made so far."""

    rng: np.random.Generator
    params: OtherParams
    up: Shape
    start_s: float
    peak_s: float
    lower_s: float
    end_s: float
    parts: list[Stroke | GivingWay] = field(default_factory=list[Stroke | GivingWay])

    def between(self, limits: Range) -> float:
        """Draw a number between two limits."""
        return float(self.rng.uniform(*limits))

    def go(self, changes: dict[Joint, float], start_s: float, stop_s: float, shape: Shape) -> None:
        """Let joints go by so much between two times."""
        self.parts += [Stroke(joint, start_s, stop_s, change, shape) for joint, change in changes.items() if change]

    def there_and_back(self, changes: dict[Joint, float], settle: dict[Joint, float] | None = None) -> None:
        """Go up and down with the leg, ending off the old place by `settle`."""
        self.go(changes, self.start_s, self.peak_s, self.up)
        settle = settle or {}
        back = {joint: settle.get(joint, 0.0) - change for joint, change in changes.items()}
        self.go(back, self.lower_s, self.end_s, draw_shape(self.rng, self.params.shapes))

    def tilt(self, changes: dict[Joint, float], begin_s: float, stop_s: float, shape: Shape | None = None) -> None:
        """Go with the pelvis: up between two times, down within the leg's way down."""
        self.go(changes, begin_s, stop_s, shape or draw_shape(self.rng, self.params.shapes))
        late_s = float(self.rng.uniform(0.0, 0.2)) * (self.end_s - self.lower_s)
        back = {joint: -change for joint, change in changes.items()}
        self.go(back, self.lower_s + late_s, self.end_s, draw_shape(self.rng, self.params.shapes))

    def flesh(self, *, active: bool) -> float:
        """Let the muscle's belly swell under the thigh's case; how long before the start it begins, 0 = not."""
        size, lead_s, split, rise_s = (self.rng.uniform(*x) for x in ((-1, 1), (0.02, 0.22), (0.4, 1.3), (0.12, 0.4)))
        drawn = self.rng.random() < self.params.bulge_share
        size_deg = float(np.sign(size) * (0.2 + 0.8 * abs(size))) * self.params.bulge_deg
        shapes = [draw_shape(self.rng) for _ in range(4)]
        belly_deg = float(self.rng.uniform(-0.2, 0.2)) * float(self.params.bulge_deg > 0.0)
        if not (active and drawn and size_deg):
            return 0.0
        begin_s = self.start_s - lead_s
        late_s = max(self.lower_s, begin_s + rise_s)
        self.go({Joint.THIGH_FLESH: size_deg * split}, begin_s, begin_s + rise_s, shapes[0])
        self.go({Joint.THIGH_FLESH: size_deg * (1.0 - split)}, begin_s + 0.5 * rise_s, late_s, shapes[1])
        self.go({Joint.THIGH_FLESH: -size_deg}, late_s, self.end_s + rise_s, shapes[2])
        self.go({Joint.PELVIS_FLESH: belly_deg}, begin_s, self.peak_s, shapes[3])
        self.go({Joint.PELVIS_FLESH: -belly_deg}, self.lower_s, self.end_s, shapes[0])
        return float(lead_s)

    def lift(self, kind: str, range_deg: float, side: Side = Side.RIGHT) -> TrueLift:
        """Return the truth as far as times, range and side tell it."""
        return TrueLift(kind, side, self.start_s, self.peak_s, self.lower_s, self.end_s, range_deg, 0.0)
