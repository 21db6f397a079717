"""Colours can be read, and told apart without colour; texts fit every language that keeps their names."""

import itertools
import string
from dataclasses import fields

import pytest

from firingorder_gui.sites import PART_LETTERS, role_of
from firingorder_gui.texts import ENGLISH
from firingorder_gui.theme import DARK, LIGHT, ROLES, Theme
from firingorder_signal.blocks import MUSCLES, Side, Site

THEMES = [DARK, LIGHT]
GROUNDS = ("background", "card", "lens", "line", "on_badge")


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.1)."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours (WCAG 2.1)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_a_theme_has_exactly_the_roles(theme: Theme) -> None:
    assert tuple(theme.colours) == ROLES


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize(
    "role", [role for role in ROLES if role not in ("background", "card", "lens", "line", "on_badge")]
)
def test_text_can_be_read_on_a_card(theme: Theme, role: str) -> None:
    # 4.5 for text of any size; the plain alarm colour is kept for 24 px and more, where 3 is enough (WCAG 2.1).
    assert contrast(theme.colour(role), theme.colour("card")) >= (3.0 if role == "alarm" else 4.5)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("site", [Site(part, Side.RIGHT) for part in MUSCLES], ids=str)
def test_a_badges_letter_can_be_read(theme: Theme, site: Site) -> None:
    assert contrast(theme.colour(role_of(site)), theme.colour("on_badge")) >= 4.5


def test_no_two_muscles_share_a_letter() -> None:
    letters = [*PART_LETTERS.values(), "L", "R"]
    assert len(set(letters)) == len(letters)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_no_two_muscles_share_a_colour(theme: Theme) -> None:
    roles = [*PART_LETTERS.values(), "L", "R"]
    assert all(theme.colour(one) != theme.colour(other) for one, other in itertools.combinations(roles, 2))


def test_every_placeholder_of_the_texts_has_a_name() -> None:
    for field in fields(ENGLISH):
        text = getattr(ENGLISH, field.name)
        if isinstance(text, str):
            assert all(name != "" for _, name, _, _ in string.Formatter().parse(text) if name is not None)
