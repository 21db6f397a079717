"""An onset in somebody's hand: where it was, where it would be put, and what is said of it meanwhile. No Qt."""

from dataclasses import dataclass, replace

from firingorder_signal.blocks import Site
from firingorder_signal.corrections import can_be_moved
from firingorder_signal.results import Lift

from . import figures
from .lens_model import LensPicture
from .sites import lane_name, row_key
from .texts import Texts

#: Steps of the arrow keys, seconds: without and with Shift.
STEP_S, LARGE_STEP_S = 0.001, 0.010


@dataclass(frozen=True)
class Draft:
    """An onset that is being moved; nothing is kept of it yet."""

    lift: Lift
    site: Site
    from_s: float
    time_s: float

    @property
    def moved_s(self) -> float:
        """How far it is from where it was."""
        return self.time_s - self.from_s

    def step(self, by_s: float) -> "Draft":
        """Move it."""
        return replace(self, time_s=round(self.time_s + by_s, 6))

    def put(self, time_s: float, within_s: tuple[float, float]) -> "Draft":
        """Put it somewhere inside of a stretch, to the millisecond from where it was."""
        time_s = min(max(time_s, within_s[0]), within_s[1])
        return replace(self, time_s=self.from_s + round((time_s - self.from_s) / STEP_S) * STEP_S)

    def words(self, texts: Texts) -> str:
        """Say whose onset it is, how far it was moved, and which keys go on."""
        moved = figures.signed(self.moved_s * 1000)
        return texts.review.moving.format(muscle=lane_name(self.site, texts), moved=moved)

    def onto(self, picture: LensPicture, within_s: float) -> LensPicture:
        """Show it in the lens, with the interval it will have; where it was stays, dotted."""
        lane = picture.lanes.get(self.site)
        if lane is None:
            return picture
        onset_s = self.time_s - picture.zero_s
        interval = (onset_s - within_s, onset_s + within_s)
        was_s = self.from_s - picture.zero_s
        found_s = lane.found_s if lane.found_s is not None or self.moved_s == 0.0 else was_s
        moved = replace(lane, onset_s=onset_s, interval_s=interval, found_s=found_s)
        return replace(picture, lanes={**picture.lanes, self.site: moved})


def movable_sites(lift: Lift | None) -> list[Site]:
    """List the muscles whose onset can be moved, in row order."""
    return [] if lift is None else sorted((site for site in lift.onsets if can_be_moved(lift, site)), key=row_key)


def take_up(lift: Lift, site: Site) -> Draft | None:
    """Take an onset into the hand; None where it cannot be moved."""
    time_s = lift.onsets[site].time_s if site in lift.onsets and can_be_moved(lift, site) else None
    return None if time_s is None else Draft(lift, site, time_s, time_s)


def next_site(lift: Lift | None, site: Site | None, step: int = 1) -> Site | None:
    """Choose the next muscle, the first after none and none after the last."""
    sites = movable_sites(lift)
    place = sites.index(site) + step if site in sites else (0 if step > 0 else len(sites) - 1)
    return sites[place] if 0 <= place < len(sites) else None
