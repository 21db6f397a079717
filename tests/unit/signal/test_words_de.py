"""Every word of a result has German, filled in with the same figures, which it writes in its own way."""

import pytest
from tests.languages import misfilled, untold

from firingorder_signal.blocks import Side, Site
from firingorder_signal.exercise import Exercise
from firingorder_signal.motion_words import describe_lift
from firingorder_signal.reasons import describe, name_site, write_quantity
from firingorder_signal.results import Lift, PelvisMotion, Reason, ReasonCode
from firingorder_signal.words import Words
from firingorder_signal.words_de import GERMAN
from firingorder_signal.words_en import ENGLISH

#: Units and signs that are the same in both languages.
SAME = frozenset(
    pattern for pattern, _, _ in ENGLISH.reasons.units.values() if pattern != ENGLISH.reasons.units["times"][0]
) | {"{} ms", ".", "-"}


def test_every_word_has_german() -> None:
    assert untold(ENGLISH, GERMAN, SAME) == []


def test_german_words_are_filled_in_with_the_same_figures() -> None:
    # The side comes before its part in one language and behind it in the other.
    assert misfilled(ENGLISH, GERMAN) == []


@pytest.mark.parametrize("words", [ENGLISH, GERMAN], ids=["english", "german"])
def test_every_reason_and_movement_is_told(words: Words) -> None:
    assert set(words.reasons.reasons) == set(ReasonCode)
    assert set(words.motion.exercises) == set(Exercise)
    for code in ReasonCode:
        what, fix = describe(Reason(code, 7.25, 10.0, "dB", Site("gluteus_maximus")), words.reasons)
        assert what
        assert fix
        assert "{" not in what + fix


def test_german_figures_have_a_comma_and_a_true_minus() -> None:
    assert write_quantity(1.25, "s", GERMAN.reasons) == "1,2 s"
    assert write_quantity(-0.02, "share", GERMAN.reasons) == "−2,0 %"
    assert write_quantity(2000.0, "Hz", GERMAN.reasons) == "2000 Hz"
    assert write_quantity(1.25, "s") == "1.2 s"


def test_german_names_a_side_behind_its_part() -> None:
    site = Site.parse("gluteus_maximus/right")
    assert name_site(site, GERMAN.reasons, with_side=True) == "Gesäßmuskel rechts"
    assert name_site(None, GERMAN.reasons) == "Muskel"


def test_german_motion() -> None:
    pelvis = PelvisMotion(tilt_deg=6.2, tilt_at_10_deg=2.1, tilt_lead_s=0.31, rotation_deg=4.0)
    lift = Lift(1, Side.RIGHT, 0.0, hip_range_deg=17.0, hold_s=2.04, pelvis=pelvis)
    assert describe_lift(lift, GERMAN.motion) == (
        "Hüftstreckung 17°",
        "2,0 s gehalten",
        "6° nach vorn gekippt, 0,3 s vor der Hüfte, 2° bei 10° Hüftstreckung",
        "4° gedreht, linke Seite nach hinten",
    )
