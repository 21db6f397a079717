"""The pace of a replay: when each recorded item is due, and that no link of the recording runs ahead of another.

Each link reads in a thread of its own; without a common pace one could be seconds ahead of the other, which no live
sensor ever is, and what waits for the slower one would be given up.
"""

import threading
import time
from collections.abc import Callable, Hashable

#: A link may be this much recorded time ahead of the slowest, ns: less than the time after which a sensor is stale.
LEAD_NS = 200_000_000
#: How often a waiting link looks whether it has been stopped, seconds.
LOOK_S = 0.05


class Pace:
    """Shared by the links of one recording.

    Parameters
    ----------
    speed
        1.0 = as it was; 2.0 = twice as fast; None = as fast as it is taken.
    start_ns
        Recorded time at which the replay begins.
    now_ns
        Monotonic time, ns; given by tests.
    """

    def __init__(self, speed: float | None, start_ns: int, *, now_ns: Callable[[], int] = time.monotonic_ns) -> None:
        if speed is not None and speed <= 0:
            raise ValueError(f"speed must be positive or None, not {speed}")
        self._speed = speed
        self._start_ns = start_ns
        self._now_ns = now_ns
        self._began_ns: int | None = None
        self._reached: dict[Hashable, int] = {}
        self._changed = threading.Condition()

    def reached_ns(self) -> int | None:
        """Return the recorded time that all links have come to; None before the replay began, and without a pace.

        A replay that is slower than it is to be is where its next item lies, not where it should be.
        """
        if self._speed is None or self._began_ns is None:
            return None
        due_ns = self._start_ns + round((self._now_ns() - self._began_ns) * self._speed)
        with self._changed:
            return min((due_ns, *self._reached.values()))

    def join(self, link: Hashable) -> None:
        """Let a link take part from now on; the first one starts the clock."""
        with self._changed:
            if self._began_ns is None:
                self._began_ns = self._now_ns()
            self._reached.setdefault(link, self._start_ns)

    def leave(self, link: Hashable) -> None:
        """Let the others go on without a link: it has ended, is closed, or was lost."""
        with self._changed:
            self._reached.pop(link, None)
            self._changed.notify_all()

    def wait_for(self, link: Hashable, t_host_ns: int, stopping: threading.Event) -> None:
        """Wait until an item of a link is due and no other link is far behind, or until it is stopping."""
        with self._changed:
            self._reached[link] = t_host_ns
            self._changed.notify_all()
            while not stopping.is_set() and min(self._reached.values()) < t_host_ns - LEAD_NS:
                self._changed.wait(LOOK_S)
        if self._speed is None or self._began_ns is None:
            return
        due_ns = self._began_ns + (t_host_ns - self._start_ns) / self._speed
        ahead_ns = due_ns - self._now_ns()
        if ahead_ns > 0:
            stopping.wait(ahead_ns * 1e-9)
