"""Holds of a static set, as the guide times them: told to the view, and recorded, so that a replay has the same.

A hold is a span that the person was asked to squeeze in; whether the muscle did is for whoever reads the span. What
is measured of a hold (effort, fatigue) is somebody else's and begins at `HoldStarted`. Times are seconds from the
recording's origin on the host clock, like those of the samples.
"""

from dataclasses import dataclass

from firingorder_signal.blocks import Side


@dataclass(frozen=True)
class HoldStarted:
    """The tone to squeeze was given.

    Attributes
    ----------
    time_s
        When it was given.
    number, wanted
        Which hold of the test this is, from 1, and how many it asks for; over both sides where these take turns.
    side
        MIDDLE where both sides hold at once.
    work_s
        How long to hold.
    target_percent
        Band to stay in, percent of the person's own reference; None where the test names none.
    """

    time_s: float
    number: int
    wanted: int
    side: Side
    work_s: float
    target_percent: tuple[float, float] | None = None


@dataclass(frozen=True)
class HoldEnded:
    """The hold is over.

    Attributes
    ----------
    start_s, time_s
        The span that was held.
    complete
        Whether it lasted as long as was asked for; not where the person at the table moved on, or a link was lost.
    """

    time_s: float
    number: int
    side: Side
    start_s: float
    complete: bool = True


HoldEvent = HoldStarted | HoldEnded
