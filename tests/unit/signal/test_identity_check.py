"""Who is who: exchanged channels, segments and sides are found and named, crosstalk and helpers are not."""

from collections import Counter

import numpy as np
import pytest
from benchmarks.identity import ONE_LEG, SWAPS, classify, run_check

from firingorder_signal.blocks import Side, Site, Timebase
from firingorder_signal.identity_check import LISTEN_S, Hearing, IdentityCheck
from firingorder_signal.identity_evidence import (
    Ask,
    Outcome,
    Question,
    mirrored,
    weigh_muscles,
    weigh_segments,
)
from firingorder_signal.power_bins import BIN_S, PowerBins

GLUTE, HAMSTRING = ONE_LEG
PELVIS, THIGH = Site.parse("pelvis"), Site.parse("thigh/right")
SQUEEZE, BEND, LIFT = (Question(ask, Side.RIGHT) for ask in (Ask.SQUEEZE, Ask.BEND_KNEE, Ask.LIFT_LEG))
#: People of the case that has to be found at least 95 times in 100; the benchmark takes more.
N_PEOPLE = 6


@pytest.mark.parametrize("case", ["as marked", *SWAPS["one leg"]])
@pytest.mark.timeout(120)
def test_simulated_people_are_told_right(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Takes some seconds: each person is half a minute of EMG. `benchmarks/identity.py` takes hundreds."""
    swap = SWAPS["one leg"].get(case, {})
    counted: Counter[str] = Counter()
    for seed in range(1000, 1000 + N_PEOPLE):
        check, renamed = run_check("one leg", swap, seed)
        counted[classify(check, renamed, swap)] += 1
    with capsys.disabled():
        print(f"\none leg, {case}: {dict(counted)} of {N_PEOPLE}")
    assert counted["alarm"] == counted["wrong"] == counted["missed"] == 0
    assert counted["found" if swap else "as marked"] >= N_PEOPLE - 1


def test_a_helping_buttock_louder_than_the_hamstring_is_no_exchange() -> None:
    """The glute rises 20 dB where a knee is bent, the hamstring only 9: both answers together say as marked."""
    answers = {SQUEEZE: {GLUTE: 24.0, HAMSTRING: 2.0}, BEND: {GLUTE: 20.0, HAMSTRING: 9.0}}
    assert weigh_muscles(answers).outcome is Outcome.AS_MARKED


def test_crosstalk_does_not_answer_for_a_muscle() -> None:
    answers = {SQUEEZE: {GLUTE: 20.0, HAMSTRING: 7.0}, BEND: {GLUTE: 6.0, HAMSTRING: 18.0}}
    identity = weigh_muscles(answers)
    assert identity.outcome is Outcome.AS_MARKED
    assert identity.margin == pytest.approx((20.0 + 18.0 - 7.0 - 6.0) / 2)


def test_an_exchange_is_named_with_its_figure() -> None:
    identity = weigh_muscles({SQUEEZE: {GLUTE: 1.0, HAMSTRING: 15.0}, BEND: {GLUTE: 13.0, HAMSTRING: 3.0}})
    (exchange,) = identity.exchanges
    assert {exchange.one, exchange.other} == {GLUTE, HAMSTRING}
    assert (exchange.figure, exchange.unit) == (12.0, "dB")
    assert identity.renamed == {GLUTE: HAMSTRING, HAMSTRING: GLUTE}


def test_answers_that_agree_on_nothing_are_unclear() -> None:
    answers = {SQUEEZE: {GLUTE: 12.0, HAMSTRING: 11.0}, BEND: {GLUTE: 12.0, HAMSTRING: 12.0}}
    assert weigh_muscles(answers).outcome is Outcome.UNCLEAR


def test_a_channel_that_answers_to_nothing_is_named() -> None:
    answers = {SQUEEZE: {GLUTE: 20.0, HAMSTRING: 1.0}, BEND: {GLUTE: 4.0, HAMSTRING: 2.0}}
    assert weigh_muscles(answers).silent == (HAMSTRING,)


def test_all_on_the_other_leg_is_seen_once_that_was_asked() -> None:
    own = {SQUEEZE: {GLUTE: 8.0, HAMSTRING: 1.0}, BEND: {GLUTE: 2.0, HAMSTRING: 2.0}}
    other = {SQUEEZE.mirrored: {GLUTE: 20.0, HAMSTRING: 3.0}, BEND.mirrored: {GLUTE: 6.0, HAMSTRING: 17.0}}
    identity = weigh_muscles({**own, **other})
    assert identity.renamed == {GLUTE: mirrored(GLUTE), HAMSTRING: mirrored(HAMSTRING)}


def test_a_pelvis_that_turns_more_than_the_thigh_is_the_thigh() -> None:
    identity = weigh_segments({LIFT: {PELVIS: 14.0, THIGH: 4.0}})
    assert identity.renamed == {PELVIS: THIGH, THIGH: PELVIS}
    assert weigh_segments({LIFT: {PELVIS: 4.0, THIGH: 14.0}}).outcome is Outcome.AS_MARKED
    assert weigh_segments({LIFT: {PELVIS: 12.0, THIGH: 14.0}}).outcome is Outcome.UNCLEAR
    assert weigh_segments({LIFT: {PELVIS: 1.0, THIGH: 2.0}}).outcome is Outcome.SILENT


def test_the_thighs_are_told_apart() -> None:
    other = mirrored(THIGH)
    identity = weigh_segments({LIFT: {PELVIS: 3.0, THIGH: 1.0, other: 12.0}})
    assert identity.renamed == {THIGH: other, other: THIGH}


def rest(check: IdentityCheck, start_s: float, stop_s: float) -> None:
    """Let somebody lie still."""
    rng = np.random.default_rng(round(start_s))
    for number in range(round(start_s / BIN_S), round(stop_s / BIN_S)):
        for site in check.muscles:
            check.add_power(site, number * BIN_S, 9.0 * float(rng.uniform(0.8, 1.2)))
        check.pass_time()


def test_nobody_answering_is_asked_once_more_and_then_passed_over() -> None:
    check = IdentityCheck([GLUTE], [], Side.RIGHT)
    rest(check, 0.0, 3.0)
    assert (check.question, check.hearing) == (SQUEEZE, Hearing.LISTENING)
    rest(check, 3.0, 3.0 + LISTEN_S)
    assert (check.question, check.attempt) == (SQUEEZE, 2)
    rest(check, 3.0 + LISTEN_S, 5.0 + 2 * LISTEN_S)
    assert check.question == SQUEEZE.mirrored  # a silent leg: the other one is asked


def test_a_skipped_question_is_not_asked() -> None:
    check = IdentityCheck([GLUTE, HAMSTRING], [], Side.RIGHT)
    check.skip()
    check.skip()
    assert check.is_over
    assert check.muscle_identity.margin is None


def test_bins_do_not_depend_on_the_chopping() -> None:
    rows = np.random.default_rng(0).standard_normal((1000, 2))
    rows[300] = np.nan
    timebase = Timebase(0, 5.0, 1e-3)
    whole = PowerBins(1000.0, 2).update(rows, 17, timebase)
    bins = PowerBins(1000.0, 2)
    parts = [each for start in range(0, 1000, 7) for each in bins.update(rows[start : start + 7], 17 + start, timebase)]
    assert [each.time_s for each in parts] == [each.time_s for each in whole]
    assert all(np.array_equal(one.power, other.power) for one, other in zip(parts, whole, strict=True))
    assert len(whole) == 18  # the first, cut one and the one with a lost sample are not given
