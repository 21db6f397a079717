"""How fast a recording is played, and that this can be changed. Samples are never skipped: only waits change."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from firingorder_bridge.links.pace import Pace

#: Steps of the keys: down to where one rise of 100 ms lasts a second, up to where six lifts pass in a quarter minute.
SPEEDS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)


@dataclass(frozen=True)
class SpeedChanged:
    """The replay goes at this many times real time from now on."""

    speed: float


def next_speed(speed: float, *, faster: bool) -> float:
    """Return the next step, or the last one there is.

    Examples
    --------
    >>> next_speed(1.0, faster=True), next_speed(0.1, faster=False), next_speed(3.0, faster=True)
    (2.0, 0.1, 4.0)
    """
    if faster:
        return SPEEDS[min(bisect_right(SPEEDS, speed), len(SPEEDS) - 1)]
    return SPEEDS[max(bisect_left(SPEEDS, speed) - 1, 0)]


def change_speed(pace: Pace | None, *, faster: bool) -> list[SpeedChanged]:
    """Go a step faster or slower; nothing where data comes from sensors, or as fast as it is taken."""
    if pace is None or pace.speed is None:
        return []
    pace.set_speed(next_speed(pace.speed, faster=faster))
    return [SpeedChanged(pace.speed)]
