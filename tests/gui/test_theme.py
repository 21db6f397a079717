"""Colours can be read, and told apart without colour; texts fit every language that keeps their names."""

import itertools
import string
from dataclasses import fields

import pytest
from tests.gui.colour_vision import MATRICES, difference, luminance

from firingorder_gui.sites import PART_LETTERS, role_of
from firingorder_gui.texts import ENGLISH
from firingorder_gui.theme import DARK, LIGHT, ROLES, Theme
from firingorder_signal.blocks import MUSCLES, Side, Site

THEMES = [DARK, LIGHT]
GROUNDS = ("background", "card", "lens", "line", "on_badge")
#: Five times what is just seen (dE*ab 2), side by side on one screen (J).
LEAST_DISTANCE = 10.0


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours (WCAG 2.1)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_a_theme_has_exactly_the_roles(theme: Theme) -> None:
    assert tuple(theme.colours) == ROLES


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("ground", ["background", "card", "lens"])
@pytest.mark.parametrize("role", [role for role in ROLES if role not in GROUNDS])
def test_text_can_be_read_on_every_ground(theme: Theme, ground: str, role: str) -> None:
    # 4.5 for text of any size; the plain alarm colour is kept for 24 px and more, where 3 is enough (WCAG 2.1, 1.4.3).
    assert contrast(theme.colour(role), theme.colour(ground)) >= (3.0 if role == "alarm" else 4.5)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("vision", MATRICES)
def test_muscles_can_be_told_apart_by_every_eye(theme: Theme, vision: str) -> None:
    muscles = [*PART_LETTERS.values(), "L", "R"]
    close = {
        one + other: apart
        for one, other in itertools.combinations(muscles, 2)
        if (apart := difference(theme.colour(one), theme.colour(other), vision)) < LEAST_DISTANCE
    }
    assert close == {}


def test_a_colour_blind_eye_is_computed() -> None:
    # Red and green of one lightness: far apart for most, near for deutan vision.
    assert difference("#B05050", "#6B7A2F", "ordinary") > 3 * difference("#B05050", "#6B7A2F", "deutan")


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
