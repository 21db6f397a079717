"""Where the parts of the live window lie, in pixels. No Qt.

Three reading distances: two metres the state card, one metre order and lens, half a metre the table and the bars.
"""

from dataclasses import dataclass

from .panel_layout import Box

#: Shares and sizes at 1920 x 1080: traces take 64 % of the width; the others in design pixels.
TRACES_SHARE = 0.634
SIDE_PX, SPACE_PX = 18, 14
HEAD_PX, FOOT_PX = 60, 52
CARD_PX, ORDER_PX = 292, 286


@dataclass(frozen=True)
class Places:
    """The parts of the window; `below_card` is all that lies under the state card."""

    top: Box
    panel: Box
    card: Box
    order: Box
    table: Box
    below_card: Box
    bottom: Box


#: Height of the list of holds, design px: five rows and the heading.
HOLDS_PX = 236


def place_effort(places: Places, scale: float, *, holds: bool, listed: bool) -> tuple[Box, Box]:
    """Place the effort card and the list of holds.

    In a test of holds the card stands in for order and list of lifts, and makes room for the list of holds; in a
    bridge it lies over the list of lifts, beside the order.
    """
    below = places.below_card
    space = SPACE_PX * scale
    height = HOLDS_PX * scale
    table = Box(below.left, below.bottom - height, below.width, height)
    if not holds:
        return places.table, table
    return (Box(below.left, below.top, below.width, below.height - height - space) if listed else below), table


def place_parts(width: float, height: float, scale: float) -> Places:
    """Lay the window out: bars above and below, traces on the left, the cards on the right."""
    side, space = SIDE_PX * scale, SPACE_PX * scale
    top, foot = HEAD_PX * scale, height - FOOT_PX * scale
    split = width * TRACES_SHARE
    left, right_width = split + space, width - split - space - side
    card_bottom = top + CARD_PX * scale
    order_top = card_bottom + space
    table_top = order_top + ORDER_PX * scale + space
    return Places(
        top=Box(side, 6 * scale, width - 2 * side, 50 * scale),
        panel=Box(side, top, split - side, foot - top),
        card=Box(left, top, right_width, CARD_PX * scale),
        order=Box(left, order_top, right_width, ORDER_PX * scale),
        table=Box(left, table_top, right_width, foot - table_top),
        below_card=Box(left, order_top, right_width, foot - order_top),
        bottom=Box(side, foot + 4 * scale, width - 2 * side, 44 * scale),
    )
