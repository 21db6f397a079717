"""How drawings look: quiet axes, muscles by colour and letter, sides by letter; an order has no colour of its own."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from firingorder_signal.blocks import Side, Site
from firingorder_signal.reasons import PART_NAMES

from .extra import load_extra

#: Ink, second ink, grid, and the ground of what counts as together.
INK, QUIET, LINE, GROUND = "#10161D", "#4F5D6B", "#D9DFE5", "#EDF0F3"
#: Letter and colour of each muscle as in the window's light theme: Okabe & Ito 2008, darkened for thin lines on white.
MUSCLES = {
    "hamstring_lateral": ("H", "#9A6500"),
    "hamstring_medial": ("M", "#785A2D"),
    "gluteus_maximus": ("G", "#0072B2"),
    "erector_spinae": ("B", "#00785A"),
    "multifidus": ("D", "#3C4B5A"),
    "gluteus_medius": ("E", "#3C4B96"),
    "tensor_fasciae_latae": ("T", "#5A4BB4"),
    "rectus_femoris": ("F", "#4B5A00"),
}
#: A channel of which nobody said where it sits.
UNNAMED = ("?", QUIET)
SIDE_LETTERS = {Side.LEFT: "L", Side.RIGHT: "R", Side.MIDDLE: ""}
_STYLE = {
    "font.size": 9.5,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.titlepad": 10,
    "axes.edgecolor": LINE,
    "axes.labelcolor": QUIET,
    "axes.titlecolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "text.color": INK,
    "xtick.color": LINE,
    "ytick.color": LINE,
    "xtick.labelcolor": QUIET,
    "ytick.labelcolor": INK,
    "svg.fonttype": "none",
}
#: Font size of remarks, points.
SMALL = 8.5


@contextmanager
def drawing() -> Generator[Any]:
    """Give out `matplotlib.pyplot`, with this look for what is drawn meanwhile; the caller's own settings stay.

    Raises
    ------
    ExtraMissing
        matplotlib is not installed.
    """
    pyplot = load_extra("matplotlib.pyplot")
    # Chooses the backend now: a notebook's draws at the end of each cell, a setting that the context would take back.
    pyplot.draw_if_interactive()
    with pyplot.rc_context(_STYLE):
        yield pyplot


def letters_of(site: Site) -> str:
    """Return a muscle's badge: its letter and that of its side."""
    return f"{MUSCLES.get(site.part, UNNAMED)[0]} {SIDE_LETTERS[site.side]}".strip()


def colour_of(site: Site) -> str:
    """Return a muscle's colour."""
    return MUSCLES.get(site.part, UNNAMED)[1]


def name_of(site: Site) -> str:
    """Return what a person calls a muscle or segment, with its side."""
    part = PART_NAMES.get(site.part, site.part)
    return f"{part}, {site.side.value}" if site.side is not Side.MIDDLE else part


def say_title(protocol: str, side: Side) -> str:
    """Name a set: its test, and its side with the letter."""
    test = protocol.replace("_", " ")
    return f"{test} · {SIDE_LETTERS[side]} {side.value}" if side is not Side.MIDDLE else test
