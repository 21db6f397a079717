"""A first word on which muscle came first, as soon as there is enough to look at: 40 ms after the later alarm.

It goes by the alarms alone and waits for no movement, so that it needs nothing but the two muscles' samples. It may be
wrong: the burst may not last, and only half of it has been seen. What counts is the lift's verdict, which follows.
"""

from dataclasses import dataclass, field
from math import ceil, inf, nextafter

from .blocks import Site
from .episodes import PAIR_S, REFRACTORY_S
from .examination import Examination
from .lift_judge import LiftWindow
from .muscles import Muscles
from .onset import OnsetParams
from .rough import BIN_S
from .rules import JudgementRules

#: Data used after the later alarm, seconds. On simulated pairs the order is then right in 93 % of clean ones, nearly as
#: at the verdict, and in 73 % of dirty ones (a tenth has no order yet); where it is called at P >= 0.95, in 98 %.
PROVISIONAL_S = 0.04
#: Two bins of EMG must do here: 60 ms hold no more.
PARAMS = OnsetParams(n_high=2, faint=False)
#: More than the rounding of a time to a sample, at 250 Hz.
ROUNDING_S = 0.004


@dataclass
class PairFinder:
    """Find the first hamstring and the first glute burst that begin within `PAIR_S` of each other, in stream order."""

    muscles: Muscles
    _after_s: dict[Site, float] = field(default_factory=dict[Site, float])

    def find(self, known_s: float) -> list[tuple[float, float]]:
        """List the alarms `(earlier, later)` of each new pair after which `PROVISIONAL_S` more are known."""
        found: list[tuple[float, float]] = []
        pair = self.muscles.pair
        while len(pair) == 2:
            times = [self._next(site, known_s) for site in pair]
            if times[0] is None or times[1] is None:
                break
            first_s, later_s = sorted((times[0], times[1]))
            if later_s - first_s <= PAIR_S:
                found.append((first_s, later_s))
                self._after_s = dict.fromkeys(pair, later_s + REFRACTORY_S)
            else:
                self._after_s[pair[times.index(first_s)]] = nextafter(first_s, inf)
        return found

    def _next(self, site: Site, known_s: float) -> float | None:
        """Find a muscle's next alarm that lasts."""
        # Strictly known: a sample at that very instant has come, however the stream was cut.
        times = self.muscles.stream_of(site).lasting(
            site, self._after_s.get(site, -inf), inf, PROVISIONAL_S, nextafter(known_s, -inf)
        )
        return times[0] if times else None


def examine_pair(muscles: Muscles, rules: JudgementRules, first_s: float, later_s: float) -> Examination:
    """Prepare the look at a pair of alarms."""
    until_s = later_s + PROVISIONAL_S
    longest_s = until_s - first_s + rules.search_before_s + rules.baseline_search_s
    # Whole bins up to the end: what is left over at the end of a stretch is not looked at.
    length_s = ceil(longest_s / BIN_S) * BIN_S + ROUNDING_S
    window = LiftWindow(first_s, until_s - length_s + rules.baseline_search_s, until_s)
    # A first word waits for no motion sensor; whether the onset is a knock's is for the verdict to say.
    return Examination(muscles.without_sensors(), rules, window, muscles.pair, PARAMS)
