"""How well two sensors' clocks agree: simulated links through the program's own estimator, beside simpler ways.

Each row is a link of `ROWS`, many pairs of sensors with other crystals, phases and losses each. The error is that
between two sensors at the newest sample. "Stated" is the uncertainty of the pair that the program states, "covered"
how often the error lies inside, over all pairs and times. Arrival takes a sample for taken when it arrives; least
squares draws a straight line through the last minute's delays.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.clock_simulator import Scenario, Traffic, simulate, to_ns
from benchmarks.report import Table
from firingorder_bridge.clocks import DeviceClock
from firingorder_bridge.envelope import ClockParams
from firingorder_signal.blocks import FloatArray

CHECK_S = (1.0, 10.0, 60.0)
DURATION_S = 61.0
N_PAIRS = 100
#: Seeds below are for tuning; the table is of others.
FIRST_SEED = 100_000
WINDOW_S = 60.0

ROWS = {
    "serial cable, 20 ms packets": Scenario(0.02, 0.0, loss=0.0),
    "serial cable, quiet host (0.1 ms)": Scenario(0.02, 0.0, 0.0001, loss=0.0),
    "50 ms packets, interval 50 ms (commensurate)": Scenario(0.05, 0.05),
    "50 ms, 15 ms (gcd 5)": Scenario(0.05, 0.015),
    "50 ms, 7.5 ms (gcd 2.5)": Scenario(0.05, 0.0075),
    "18 ms, 11.25 ms (gcd 2.25)": Scenario(0.018, 0.01125),
    "19.7 ms, 7.5 ms": Scenario(0.0197, 0.0075),
    "19.7 ms, 15 ms": Scenario(0.0197, 0.015),
    "19.7 ms, 30 ms": Scenario(0.0197, 0.03),
    "19.7 ms, 30 ms, 30 % loss": Scenario(0.0197, 0.03, loss=0.3),
    "19.7 ms, 50 ms": Scenario(0.0197, 0.05),
    "19.7 ms, 15 ms, bad host (5 ms, 3 % stalls)": Scenario(0.0197, 0.015, 0.005, 0.03),
    "flush after 30-42 samples, 15 ms": Scenario(0.018, 0.015, lengths=(30, 43)),
    "flush after 30-42 samples, 30 ms": Scenario(0.018, 0.03, lengths=(30, 43)),
}
HEAD = (
    "link",
    *(f"{check_s:g} s: rms (p95) ms" for check_s in CHECK_S),
    "stated, ms",
    "covered",
    "arrival @60 s",
    "least squares @60 s",
)


@dataclass(frozen=True)
class Found:
    """One sensor at the times of `CHECK_S`, seconds, each shape (n_checks,)."""

    error_s: FloatArray
    stated_s: FloatArray
    arrival_s: FloatArray
    least_squares_s: FloatArray


def follow(traffic: Traffic, slotted: bool) -> Found:
    """Show one sensor's frames to the program's clock."""
    clock = DeviceClock(ClockParams(slotted=slotted), origin_ns=0)
    at = np.searchsorted(traffic.sent_s, CHECK_S)
    errors: list[float] = []
    stated: list[float] = []
    for row, times in enumerate(zip(to_ns(traffic.sent_s), to_ns(traffic.arrived_s), strict=True)):
        clock.observe(*times)
        if row in at and clock.segment is not None:
            errors.append(clock.segment.time_of(times[0]) - float(traffic.true_s[row]))
            stated.append(clock.segment.uncertainty_s)
        if row >= at[-1]:
            break
    late_s = traffic.arrived_s - traffic.true_s
    fitted = [fit_line(traffic, row) for row in at.tolist()]
    return Found(np.array(errors), np.array(stated), late_s[at], np.array(fitted))


def fit_line(traffic: Traffic, row: int) -> float:
    """Return the error of a straight line through the last minute's delays at a row, seconds."""
    inside = slice(int(np.searchsorted(traffic.sent_s, traffic.sent_s[row] - WINDOW_S)), row + 1)
    t_s = traffic.sent_s[inside] - traffic.sent_s[row]
    d_s = traffic.arrived_s[inside] - traffic.sent_s[inside]
    return float(np.polynomial.polynomial.polyfit(t_s, d_s, 1)[0] + traffic.sent_s[row] - traffic.true_s[row])


@dataclass(frozen=True)
class PairTable:
    """Many pairs of sensors on one kind of link; arrays are (n_pairs, n_checks), seconds."""

    apart_s: FloatArray
    stated_s: FloatArray
    arrival_s: FloatArray
    least_squares_s: FloatArray

    @property
    def covered(self) -> float:
        """Share of pairs and times whose error is inside what is stated."""
        return float(np.mean(np.abs(self.apart_s) <= self.stated_s))


def run_pairs(scenario: Scenario, n_pairs: int, first_seed: int) -> PairTable:
    """Simulate pairs and follow them."""
    rngs = [np.random.default_rng(first_seed + seed) for seed in range(2 * n_pairs)]
    found = [follow(simulate(scenario, rng, DURATION_S), scenario.interval_s > 0) for rng in rngs]
    pairs = list(zip(found[::2], found[1::2], strict=True))
    return PairTable(
        np.array([one.error_s - other.error_s for one, other in pairs]),
        np.array([np.hypot(one.stated_s, other.stated_s) for one, other in pairs]),
        np.array([one.arrival_s - other.arrival_s for one, other in pairs]),
        np.array([one.least_squares_s - other.least_squares_s for one, other in pairs]),
    )


def rms_ms(apart_s: FloatArray) -> float:
    """Return a root mean square in ms."""
    return 1000.0 * float(np.sqrt(np.mean(apart_s**2)))


def p95_ms(apart_s: FloatArray) -> float:
    """Return the 95th percentile of the size, in ms."""
    return 1000.0 * float(np.percentile(np.abs(apart_s), 95))


def write_errors(apart_s: FloatArray) -> str:
    """Write rms and p95."""
    return f"{rms_ms(apart_s):.2f} ({p95_ms(apart_s):.2f})"


def write_row(label: str, found: PairTable) -> list[str]:
    """Write one row."""
    stated = np.median(found.stated_s, axis=0) * 1000
    return [
        label,
        *(write_errors(column) for column in found.apart_s.T),
        " / ".join(f"{each:.1f}" for each in stated),
        f"{found.covered:.1%}",
        write_errors(found.arrival_s[:, -1]),
        write_errors(found.least_squares_s[:, -1]),
    ]


def main(n_pairs: int = N_PAIRS, first_seed: int = FIRST_SEED, names: Sequence[str] = ()) -> Table:
    """Measure all rows, or those whose name contains one of some words."""
    chosen = [name for name in ROWS if not names or any(word in name for word in names)]
    rows = [write_row(name, run_pairs(ROWS[name], n_pairs, first_seed)) for name in chosen]
    return Table(f"Clocks of two sensors, {n_pairs} simulated pairs a row", HEAD, rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.clocks", description=__doc__)
    parser.add_argument("--pairs", type=int, default=N_PAIRS, help=f"pairs a row (default {N_PAIRS})")
    parser.add_argument("--seed", type=int, default=FIRST_SEED, help="first seed; below 100000 is for tuning")
    parser.add_argument("names", nargs="*", help="only rows that contain one of these words")
    arguments = parser.parse_args()
    print(main(arguments.pairs, arguments.seed, arguments.names).to_markdown())
    sys.exit(0)
