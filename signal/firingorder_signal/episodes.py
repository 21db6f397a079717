"""Lifts without motion sensors: a hamstring and a glute burst that begin close together.

For imported EMG (walking, bridges, free exercise). Nothing here says that the leg moved, so there is no angle, no
gate and no start of movement; bursts of one muscle alone are left to `detect_bursts`.
"""

from dataclasses import dataclass, field

from .blocks import Site
from .muscles import Muscles

#: Bursts of the two muscles that begin within this belong together. Stride and lift are at least a second apart, and
#: the largest published mean lag is 370 ms after the first muscle (Lehman 2004).
PAIR_S = 0.5
#: A new pair begins at the earliest this long after the last one.
REFRACTORY_S = 0.4


@dataclass
class EpisodeFinder:
    """Pair the bursts of one side's hamstring and glute, in stream order.

    Attributes
    ----------
    lasting_s
        A burst counts when it lasted this long.
    """

    muscles: Muscles
    lasting_s: float
    _after_s: float = field(default=float("-inf"))

    def find(self, known_s: float) -> list[float]:
        """Return the times of the first muscle of each new pair that is decided by `known_s`."""
        found: list[float] = []
        while (pair := self._next_pair(known_s)) is not None:
            found.append(min(pair))
            self._after_s = max(pair) + REFRACTORY_S
        return found

    def _next_pair(self, known_s: float) -> tuple[float, float] | None:
        """Find the next glute burst with a hamstring burst near it, once no later one can be nearer."""
        hamstring, glute = self.muscles.hamstring, self.muscles.glute
        if hamstring is None or glute is None:
            return None
        for glute_s in self._bursts(glute, self._after_s, float("inf"), known_s):
            near = self._bursts(hamstring, max(glute_s - PAIR_S, self._after_s), glute_s + PAIR_S, known_s)
            nearest_s = min(near, key=lambda time: abs(time - glute_s), default=float("inf"))
            reach_s = min(abs(nearest_s - glute_s), PAIR_S)
            if known_s < glute_s + reach_s or self._may_come(hamstring, glute_s - reach_s, glute_s + reach_s, known_s):
                return None
            if near:
                return nearest_s, glute_s
        return None

    def _bursts(self, site: Site, start_s: float, stop_s: float, known_s: float) -> list[float]:
        """List the lasting bursts that begin in a window."""
        return self.muscles.stream_of(site).lasting(site, start_s, stop_s, self.lasting_s, known_s)

    def _may_come(self, site: Site, start_s: float, stop_s: float, known_s: float) -> bool:
        """Say whether a burst that began in a window may yet turn out to last."""
        return self.muscles.stream_of(site).may_last(site, start_s, stop_s, self.lasting_s, known_s)
