"""Where the parts of the review's window are: those of the live window, and the overview bar."""

from dataclasses import replace

from .panel_layout import Box
from .style import Style
from .window_layout import place_effort, place_parts

#: Height of the overview bar and the space above it, design px.
OVERVIEW_PX, OVERVIEW_SPACE_PX = 132, 10


def place_review(width: float, height: float, style: Style) -> tuple[Box, ...]:
    """Place top bar, traces, overview, cards and bottom bar; the overview takes the foot of the traces' panel."""
    places = place_parts(width, height, style.scale)
    bar = style.px(OVERVIEW_PX)
    panel = replace(places.panel, height=places.panel.height - bar - style.px(OVERVIEW_SPACE_PX))
    overview = replace(places.panel, top=places.panel.bottom - bar, height=bar)
    effort = place_effort(places, style.scale, holds=True, listed=True)
    return (places.top, panel, overview, places.card, places.order, places.table, *effort, places.bottom)
