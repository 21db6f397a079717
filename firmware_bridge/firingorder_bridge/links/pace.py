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
        self._hurry_ns: int | None = None
        self._reached: dict[Hashable, int] = {}
        self._changed = threading.Condition()

    @property
    def speed(self) -> float | None:
        """Times real time; None = as fast as it is taken."""
        return self._speed

    def set_speed(self, speed: float) -> None:
        """Go on from here at another speed."""
        if speed <= 0:
            raise ValueError(f"speed must be positive, not {speed}")
        with self._changed:
            if self._began_ns is not None:
                now_ns = self._now_ns()
                if self._speed is not None:
                    self._start_ns += round((now_ns - self._began_ns) * self._speed)
                elif self._reached:
                    self._start_ns = min(self._reached.values())
                self._began_ns = now_ns
            self._speed = speed

    def hurry_to(self, t_host_ns: int) -> None:
        """Wait for nothing up to a recorded time, then go on at the speed there is; all in between is still given."""
        with self._changed:
            if self._speed is not None and t_host_ns > min(self._reached.values(), default=self._start_ns):
                self._hurry_ns = t_host_ns

    def reached_ns(self) -> int | None:
        """Return the recorded time that all links have come to; None before the replay began, and without a pace.

        A replay that is slower than it is to be is where its next item lies, not where it should be.
        """
        if self._speed is None or self._began_ns is None:
            return None
        due_ns = self._start_ns + round((self._now_ns() - self._began_ns) * self._speed)
        with self._changed:
            # In a hurry it is where its items are.
            hurries = self._hurry_ns is not None and bool(self._reached)
            return min(self._reached.values()) if hurries else min((due_ns, *self._reached.values()))

    def expect(self, link: Hashable) -> None:
        """Know of a link that will take part, before it does: the others wait for it."""
        with self._changed:
            self._reached.setdefault(link, self._start_ns)

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
        # In short waits: the speed may change meanwhile.
        while (ahead_s := self.ahead_s(t_host_ns)) > 0.0 and not stopping.wait(min(ahead_s, LOOK_S)):
            pass

    def ahead_s(self, t_host_ns: int) -> float:
        """Return how long an item is still to be waited for."""
        with self._changed:
            if self._speed is None or self._began_ns is None:
                return 0.0
            if self._hurry_ns is not None:
                if t_host_ns < self._hurry_ns:
                    return 0.0
                self._start_ns, self._began_ns, self._hurry_ns = self._hurry_ns, self._now_ns(), None
            due_ns = self._began_ns + (t_host_ns - self._start_ns) / self._speed
            return (due_ns - self._now_ns()) * 1e-9
