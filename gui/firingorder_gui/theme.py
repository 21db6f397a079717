"""Colours by role, dark and light. No Qt: a role is a name, a colour is `#RRGGBB`.

Muscles use Okabe-Ito colours (green lightened for the dark card), darker variants on white; the five that are seldom
measured were moved as little as kept every two muscles 10 apart (dE*ab) for protan, deutan and tritan vision. Each
muscle also has a letter, a word and a fixed row. The alarm colour is for signal problems only, never for an order of
muscles. Contrasts on every ground and those distances are tested (`tests/gui/test_theme.py`).
"""

from dataclasses import dataclass

#: Every colour a widget may ask for. H, G, L, R, ... are the letters of `sites.py`.
ROLES = (
    "background",
    "card",
    "lens",
    "line",
    "text",
    "muted",
    "alarm",
    "alarm_text",
    "on_badge",
    "hip",
    "tilt",
    "H",
    "M",
    "G",
    "L",
    "R",
    "D",
    "E",
    "T",
    "F",
    "U",
)


@dataclass(frozen=True)
class Theme:
    """A named set of colours, one for every role; `trace_opacity` is how solid the raw EMG is drawn."""

    name: str
    colours: dict[str, str]
    trace_opacity: float

    def colour(self, role: str) -> str:
        """Return the colour of a role; an unknown role is a mistake of the caller (KeyError)."""
        return self.colours[role]


# alarm is #D55E00, contrast 4.4 on the card: for text of 24 px and more; alarm_text is its lighter form for small text.
DARK = Theme(
    "dark",
    {
        "background": "#0E1217",
        "card": "#171D25",
        "lens": "#1C2430",
        "line": "#2A333F",
        "text": "#F2F5F8",
        "muted": "#9AA7B5",
        "alarm": "#D55E00",
        "alarm_text": "#F07F2E",
        "on_badge": "#0E1217",
        "hip": "#F0E442",
        "tilt": "#F2F5F8",
        "H": "#E69F00",
        "M": "#C3A569",
        "G": "#56B4E9",
        "L": "#2BC79B",
        "R": "#CC79A7",
        "D": "#A5C3D2",
        "E": "#5A96E1",
        "T": "#A587C3",
        "F": "#A5D25A",
        "U": "#9AA7B5",
    },
    trace_opacity=0.55,
)

LIGHT = Theme(
    "light",
    {
        "background": "#F3F5F7",
        "card": "#FFFFFF",
        "lens": "#F3F6F9",
        "line": "#D9DFE5",
        "text": "#10161D",
        "muted": "#4F5D6B",
        "alarm": "#B84A00",
        "alarm_text": "#B84A00",
        "on_badge": "#FFFFFF",
        "hip": "#7A6C00",
        "tilt": "#10161D",
        "H": "#9A6500",
        "M": "#785A2D",
        "G": "#0072B2",
        "L": "#00785A",
        "R": "#A2487C",
        "D": "#3C4B5A",
        "E": "#3C4B96",
        "T": "#5A4BB4",
        "F": "#4B5A00",
        "U": "#4F5D6B",
    },
    trace_opacity=0.55,
)

THEMES = {theme.name: theme for theme in (DARK, LIGHT)}
