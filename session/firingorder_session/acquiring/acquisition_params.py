"""When silence of a sensor means something, and how often a lost one is looked for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AcquisitionParams:
    """When silence means something.

    Attributes
    ----------
    stale_s
        No data for so long is shown (J: two connection intervals of a slow radio and some).
    silent_s
        No data for so long after there was some is a lost link, which is opened again; None = never, as in a replay.
    retry_s
        Pauses between attempts to open a lost link, the last one for ever. A USB port is back within 0.5-2 s of being
        plugged in; more often than every 2 s helps nobody (J).
    hello_s
        Without an answer for so long after opening, the sensor's chip says so; a stream that has never sent anything
        beside others that do is then told too.
    """

    stale_s: float = 0.5
    silent_s: float | None = 3.0
    retry_s: tuple[float, ...] = (0.0, 0.25, 0.5, 1.0, 2.0)
    hello_s: float = 3.0
