"""The colours of reports: those of the window's light theme, by muscle; a test holds the two together.

Okabe-Ito, darkened for white paper. A colour names a muscle, never an order, and none is red or green.
"""

from firingorder_signal.blocks import Side, Site

INK, MUTED, LINE, GROUND = "#10161D", "#4F5D6B", "#D9DFE5", "#F3F6F9"
MUSCLES = {
    "hamstring_lateral": "#9A6500",
    "hamstring_medial": "#785A2D",
    "gluteus_maximus": "#0072B2",
    "multifidus": "#3C4B5A",
    "gluteus_medius": "#3C4B96",
    "tensor_fasciae_latae": "#5A4BB4",
    "rectus_femoris": "#4B5A00",
}
#: The back extensor has one a side.
BACK = {Side.LEFT: "#00785A", Side.RIGHT: "#A2487C", Side.MIDDLE: "#00785A"}


def colour_of(site: Site) -> str:
    """Return a muscle's colour."""
    return BACK[site.side] if site.part == "erector_spinae" else MUSCLES.get(site.part, MUTED)
