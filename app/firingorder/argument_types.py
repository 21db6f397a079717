"""Numbers and days on the command line; argparse turns their errors into messages that name the option."""

import argparse
import math
from datetime import date


def positive(text: str) -> float:
    """Read a number above 0."""
    value = finite(text)
    if value <= 0.0:
        raise argparse.ArgumentTypeError(f"expected a number above 0, got {text!r}")
    return value


def finite(text: str) -> float:
    """Read a number that is one: no `nan`, no `inf`."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"expected a number, got {text!r}")
    return value


def count(text: str) -> int:
    """Read a whole number of 1 or more."""
    value = whole(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number of 1 or more, got {text!r}")
    return value


def whole(text: str) -> int:
    """Read a whole number of 0 or more."""
    try:
        value = int(text)
    except ValueError:
        value = -1
    if value < 0:
        raise argparse.ArgumentTypeError(f"expected a whole number of 0 or more, got {text!r}")
    return value


def score(text: str) -> int:
    """Read a whole number from 0 to 10."""
    value = whole(text)
    if value > 10:
        raise argparse.ArgumentTypeError(f"expected a whole number from 0 to 10, got {text!r}")
    return value


def calendar_day(text: str) -> date:
    """Read a day, YYYY-MM-DD, that has come."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a day as YYYY-MM-DD, got {text!r}") from None
    if day > date.today():
        raise argparse.ArgumentTypeError(f"expected a day that has come, got {text!r}")
    return day
