"""A look at a side's muscles in one window, a muscle at a time, so that it can be spread over blocks.

Each look costs some milliseconds; a lift of eight muscles examined at once would hold up the stream. What is found
depends on the window alone, never on when each muscle had its turn.
"""

from dataclasses import dataclass, field, replace

from .blocks import Site
from .emg_stream import Stretch
from .lift_judge import LiftWindow, MuscleFinding, compare_muscles, examine_muscle, too_slow
from .muscles import Muscles
from .onset import OnsetParams
from .order import refuse
from .results import Lag, Onset, Reason, ReasonCode
from .rules import JudgementRules


@dataclass
class Examination:
    """The muscles of one side in one window.

    Attributes
    ----------
    sites
        What is examined, in this order.
    found
        What has been found so far.
    """

    muscles: Muscles
    rules: JudgementRules
    window: LiftWindow
    sites: tuple[Site, ...]
    params: OnsetParams = OnsetParams()
    found: dict[Site, MuscleFinding] = field(default_factory=dict[Site, MuscleFinding])

    @property
    def is_done(self) -> bool:
        """Whether every muscle has had its turn."""
        return len(self.found) == len(self.sites)

    def step(self) -> None:
        """Examine the next muscle."""
        site = self.sites[len(self.found)]
        stream, neighbour = self.muscles.stream_of(site), self._neighbour(site)
        sensors = self.muscles.sensors_at(site)
        self.found[site] = examine_muscle(stream, site, self.window, self.rules, neighbour, self.params, sensors)

    def _neighbour(self, site: Site) -> Stretch | None:
        """Cut the other muscle of the pair; None for a muscle that is not of the pair."""
        pair = self.muscles.pair
        others = [other for other in pair if other != site] if len(pair) == 2 and site in pair else []
        if not others or not self.muscles.stream_of(others[0]).has_samples:
            return None
        stream, window = self.muscles.stream_of(others[0]), self.window
        return stream.stretch(others[0], window.starts_s(self.rules), window.until_s, window.around_s)

    def compare(self) -> Lag:
        """Compare hamstring and glute, or say which of them is not there."""
        sync = self.muscles.sync_at(self.window.around_s)
        return replace(self._compare(), sync=None if sync is None else sync.sync)

    def _compare(self) -> Lag:
        """Compare, whatever the clocks' class."""
        hamstring, glute = self.muscles.hamstring, self.muscles.glute
        sync_s = self.muscles.sync_uncertainty_s(self.window.around_s)
        if hamstring is None or glute is None:
            reason = find_missing_muscle(self.muscles) or Reason(ReasonCode.SENSOR_MISSING)
            onsets = [self.found[site].onset if site else Onset(None) for site in (hamstring, glute)]
            return refuse(reason, onsets[0], onsets[1], sync_s)
        return compare_muscles(self.found[hamstring], self.found[glute], sync_s, self.rules)


@dataclass
class Turns:
    """How many muscles may be examined in one update: `left` counts down."""

    left: float

    def take(self) -> bool:
        """Use one, if there is one."""
        self.left -= 1
        return self.left >= 0


def find_slow_muscle(muscles: Muscles, rules: JudgementRules) -> Reason | None:
    """Name the muscle of the pair whose signal is sampled too slowly for an order, whatever its lifts show."""
    for site in muscles.pair:
        rate_hz = muscles.stream_of(site).rate_hz
        if rate_hz < rules.rate_min_hz:
            return too_slow(rate_hz, site, rules)
    return None


def find_missing_muscle(muscles: Muscles) -> Reason | None:
    """Name the muscle of the pair that has no channel."""
    for site, part in ((muscles.hamstring, "hamstring_lateral"), (muscles.glute, "gluteus_maximus")):
        if site is None:
            return Reason(ReasonCode.SENSOR_MISSING, site=Site(part, muscles.side))
    return None
