"""What is said of the onsets of a lift that somebody has moved: which, who it was, and when. No Qt."""

from datetime import datetime

from firingorder_signal.results import Lift

from .sites import lane_name, row_key
from .texts import Texts


def describe_hands(lift: Lift | None, texts: Texts) -> str:
    """Name each onset that was put by hand, with who and when by this computer's time zone; empty without any."""
    if lift is None:
        return ""
    told: list[str] = []
    for site in sorted(lift.onsets, key=row_key):
        corrected = lift.onsets[site].corrected
        if corrected is not None:
            at = f"{datetime.fromisoformat(corrected.at).astimezone():%Y-%m-%d %H:%M}"
            told.append(texts.review.hand_line.format(muscle=lane_name(site, texts), by=corrected.by, at=at))
    return "  ·  ".join(told)
