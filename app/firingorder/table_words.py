"""Words and figures that every table in a terminal shares."""

from firingorder_signal.result_html import VERDICT_WORDS

__all__ = ["VERDICT_WORDS", "WIDTH", "degrees", "ms"]

#: Sentences are wrapped at this many characters: two thirds of a full screen, and what most terminals show.
WIDTH = 100


def ms(seconds: float | None, *, signed: bool = True) -> str:
    """Write seconds as milliseconds, with a sign where it is a direction."""
    if seconds is None:
        return ""
    milliseconds = round(seconds * 1000)  # a whole number: it is never -0
    return f"{milliseconds:{'+' if signed else ''}d} ms"


def degrees(angle_deg: float | None) -> str:
    """Write an angle."""
    return "" if angle_deg is None else f"{angle_deg:.0f}°"
