"""Courses of one joint over time with their exact first and second derivatives, for the second motion generator.

A shape goes from 0 to 1 while its argument does; none is minimum jerk. Speeds are a beta density (skewed either way),
a lognormal density (Plamondon 1995, with the tails a sensor could not see cut off), the sum of two overlapping
sub-movements (Rohrer & Hogan 2003) or a trapezoid with rounded corners. What is no single stroke (walking, scratching,
breathing, restlessness) is a cubic spline through drawn knots.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.special import beta, betainc, ndtr

FloatArray = NDArray[np.float64]
SHAPES = ("beta", "lognormal", "two_part", "trapezoid")
# Standard scores at which the lognormal is cut: its speed there is below 1 % of the peak.
CUT_Z = (-3.5, 3.0)


class Shape(Protocol):
    """A way from 0 to 1."""

    def at(self, u: FloatArray) -> FloatArray:
        """Value, first and second derivative at `u` (n,) within 0 to 1; shape (3, n)."""
        ...


@dataclass(frozen=True)
class Beta:
    """Speed begins as `u**(rise - 1)` and ends as `(1 - u)**(fall - 1)`; both at least 2."""

    rise: float
    fall: float

    def at(self, u: FloatArray) -> FloatArray:
        """See `Shape`."""
        a, b, v = self.rise - 1.0, self.fall - 1.0, 1.0 - u
        slope = a * u ** (a - 1.0) * v**b - b * u**a * v ** (b - 1.0)
        scale = float(beta(a + 1.0, b + 1.0))
        out = np.empty((3, len(u)))
        out[0], out[1], out[2] = betainc(a + 1.0, b + 1.0, u), u**a * v**b / scale, slope / scale
        return out


@dataclass(frozen=True)
class Lognormal:
    """Quick to set off, slow to arrive; the more so the larger `sigma`."""

    sigma: float

    def at(self, u: FloatArray) -> FloatArray:
        """See `Shape`."""
        first, last = np.exp(self.sigma * np.array(CUT_Z))
        x = first + (last - first) * u
        z = np.log(x) / self.sigma
        speed = np.exp(-0.5 * z**2) / (np.sqrt(2.0 * np.pi) * self.sigma * x)
        slope = -speed / x * (1.0 + z / self.sigma)
        low, high = float(ndtr(CUT_Z[0])), float(ndtr(CUT_Z[1]))
        out = np.empty((3, len(u)))
        out[0], out[1], out[2] = ndtr(z) - low, (last - first) * speed, (last - first) ** 2 * slope
        return out / (high - low)


@dataclass(frozen=True)
class TwoPart:
    """A first movement makes `share` of the way until `stop`, a second one, from `begin` on, the rest."""

    first: Beta
    second: Beta
    share: float
    stop: float
    begin: float

    def at(self, u: FloatArray) -> FloatArray:
        """See `Shape`."""
        one = _stretched(self.first, u, 0.0, self.stop)
        return self.share * one + (1.0 - self.share) * _stretched(self.second, u, self.begin, 1.0)


@dataclass(frozen=True)
class Trapezoid:
    """Speed rises within `rise`, stays, and falls within `fall`, both of raised-cosine form."""

    rise: float
    fall: float

    def at(self, u: FloatArray) -> FloatArray:
        """See `Shape`."""
        top = 1.0 / (1.0 - 0.5 * (self.rise + self.fall))
        up, down = _corner(u, self.rise), _corner(1.0 - u, self.fall)
        middle = np.array([u - 0.5 * self.rise, np.ones_like(u), np.zeros_like(u)])
        out = np.where(u < self.rise, up, middle)
        ending = np.array([1.0 / top - down[0], down[1], -down[2]])
        return np.asarray(top * np.where(u > 1.0 - self.fall, ending, out))


def _corner(u: FloatArray, width: float) -> FloatArray:
    turn = np.pi * u / width
    return np.array(
        [0.5 * (u - width / np.pi * np.sin(turn)), 0.5 * (1.0 - np.cos(turn)), 0.5 * np.pi / width * np.sin(turn)]
    )


def _stretched(shape: Shape, t_s: FloatArray, start_s: float, stop_s: float) -> FloatArray:
    """Let a shape run between two times: 0 before, 1 after; shape (3, n)."""
    span_s = stop_s - start_s
    u = (t_s - start_s) / span_s
    inside = (u > 0.0) & (u < 1.0)
    out = np.zeros((3, len(t_s)))
    out[0] = u >= 1.0
    out[:, inside] = shape.at(u[inside]) / np.array([[1.0], [span_s], [span_s**2]])
    return out


def draw_shape(rng: np.random.Generator, names: tuple[str, ...] = SHAPES) -> Shape:
    """Draw one shape of those named."""
    name = names[int(rng.integers(len(names)))]
    if name == "beta":
        return Beta(float(rng.uniform(2.0, 4.0)), float(rng.uniform(2.2, 5.0)))
    if name == "lognormal":
        return Lognormal(float(rng.uniform(0.2, 0.45)))
    if name == "two_part":
        first, second = (Beta(float(rng.uniform(2.2, 3.5)), float(rng.uniform(2.2, 4.0))) for _ in range(2))
        return TwoPart(
            first, second, *(float(rng.uniform(*limits)) for limits in ((0.45, 0.8), (0.5, 0.75), (0.2, 0.45)))
        )
    if name == "trapezoid":
        return Trapezoid(float(rng.uniform(0.1, 0.35)), float(rng.uniform(0.15, 0.45)))
    raise ValueError(f"there is no shape {name!r}")


def peak_speed(shape: Shape) -> float:
    """Largest speed of a way of length 1 that takes 1 s."""
    return float(np.max(shape.at(np.linspace(0.001, 0.999, 999))[1]))


@dataclass(frozen=True)
class Stroke:
    """One joint goes by `change` from `start_s` to `stop_s`; at once where they are equal."""

    joint: int
    start_s: float
    stop_s: float
    change: float
    shape: Shape

    def course(self, t_s: FloatArray) -> FloatArray:
        """Value, rate and acceleration at times (n,); shape (3, n)."""
        if self.stop_s <= self.start_s:
            out = np.zeros((3, len(t_s)))
            out[0, t_s >= self.start_s] = self.change
            return out
        return self.change * _stretched(self.shape, t_s, self.start_s, self.stop_s)

    def add(self, joints: FloatArray, t_s: FloatArray) -> None:
        """Add this to joints (3, joints, n) at sorted times (n,)."""
        first, last = np.searchsorted(t_s, [self.start_s, self.stop_s])
        joints[:, self.joint, first:last] += self.course(t_s[first:last])
        joints[0, self.joint, last:] += self.change


@dataclass(frozen=True)
class Freeform:
    """Joints on a spline through knots; `values` (knots, joints) begin and end still, and count only in between."""

    joints: tuple[int, ...]
    knots_s: FloatArray
    values: FloatArray

    def add(self, joints: FloatArray, t_s: FloatArray) -> None:
        """Add this to joints (3, joints, n) at sorted times (n,)."""
        first, last = np.searchsorted(t_s, [self.knots_s[0], self.knots_s[-1]])
        spline = CubicSpline(self.knots_s, self.values, bc_type="clamped")
        for order in range(3):
            joints[order, list(self.joints), first:last] += np.asarray(spline(t_s[first:last], order)).T
