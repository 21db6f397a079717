"""The state card: one word, one figure, one instruction; no figure before it is known."""

from dataclasses import replace

import pytest
from tests.gui.synthetic import GLUTE, HAMSTRING, KIT_4, make_lift, make_set

from firingorder_gui.cards import answer_card, set_card, state_card
from firingorder_gui.content import CardContent
from firingorder_gui.model import ViewModel
from firingorder_gui.texts import ENGLISH
from firingorder_session.events.live_events import (
    LiveEvent,
    Notice,
    NoticeKind,
    Origin,
    Phase,
    PhaseChanged,
    SensorChanged,
    SensorPhase,
    SessionEnded,
    TestStarted,
)
from firingorder_session.messages import Message, MessageCode
from firingorder_signal.blocks import Side
from firingorder_signal.events import (
    LiftDismissed,
    LiftEnded,
    LiftJudged,
    LiftStarted,
    ProvisionalOrder,
    SetUpdated,
)
from firingorder_signal.results import Reason, ReasonCode, Verdict

STARTED = TestStarted("prone_hip_extension", "Prone hip extension", Side.RIGHT, 6, Origin.LIVE)
WORDS = {
    Verdict.HAMSTRING_FIRST: "Hamstring first",
    Verdict.GLUTE_FIRST: "Glute first",
    Verdict.SIMULTANEOUS: "Together",
    Verdict.INCONCLUSIVE: "Not clear yet",
    Verdict.GLUTE_NOT_DETECTED: "Glute not detected",
    Verdict.HAMSTRING_NOT_DETECTED: "Hamstring not detected",
}


def card_after(*events: LiveEvent) -> CardContent:
    """Return the state card after events."""
    model = ViewModel()
    model.feed([STARTED, *events])
    return state_card(model)


@pytest.mark.parametrize(("verdict", "word"), WORDS.items())
def test_each_verdict_of_a_lift_has_its_words(verdict: Verdict, word: str) -> None:
    assert answer_card(make_lift(3, verdict), ENGLISH).word == word


@pytest.mark.parametrize(("verdict", "word"), WORDS.items())
def test_each_verdict_of_a_set_has_its_words(verdict: Verdict, word: str) -> None:
    assert set_card(make_set([make_lift()], verdict), ENGLISH).word == word


def test_the_first_muscle_gives_the_colour() -> None:
    roles = {verdict: answer_card(make_lift(3, verdict), ENGLISH).word_role for verdict in WORDS}
    assert roles.pop(Verdict.HAMSTRING_FIRST) == "H"
    assert roles.pop(Verdict.GLUTE_FIRST) == "G"
    assert set(roles.values()) == {"text"}


def test_answer_shows_milliseconds_uncertainty_null_lag_and_band() -> None:
    card = answer_card(make_lift(), ENGLISH)
    assert (card.figure, card.tail) == ("84 ms", "before glute max")
    assert card.note == "± 12 ms  ·  null lag +9 ms  ·  together = within 25 ms"


def test_a_negative_lag_is_told_from_the_glutes_side() -> None:
    card = answer_card(make_lift(3, Verdict.GLUTE_FIRST), ENGLISH)
    assert (card.figure, card.tail) == ("84 ms", "before hamstring")


@pytest.mark.parametrize("verdict", [Verdict.GLUTE_NOT_DETECTED, Verdict.HAMSTRING_NOT_DETECTED])
def test_a_silent_muscle_has_no_figure_but_a_hollow_badge(verdict: Verdict) -> None:
    card = answer_card(make_lift(3, verdict), ENGLISH)
    assert card.figure == ""
    assert card.hollow_badge == verdict.value[0].upper()


def test_an_unjudged_lift_says_why_and_what_to_do_instead_of_a_figure() -> None:
    card = answer_card(make_lift(4, Verdict.NOT_JUDGED), ENGLISH)
    assert card.word == "Check glute max"
    assert card.kicker == "LIFT 4 · NOT SCORED"
    assert card.body.startswith("Glute max signal is only 7 dB above rest (needed: 10 dB): press the electrode on")
    assert (card.figure, card.word_role) == ("", "alarm")


def test_a_movement_reason_asks_for_a_repetition_without_alarm() -> None:
    reason = Reason(ReasonCode.LIFT_TOO_SMALL, 3.0, 5.0, "deg")
    card = card_after(PhaseChanged(Phase.CHECK, 2, reason=reason))
    assert (card.word, card.word_role, card.edge_role) == ("Repeat lift", "text", "text")


@pytest.mark.parametrize("code", list(ReasonCode))
def test_every_reason_makes_a_card(code: ReasonCode) -> None:
    card = card_after(PhaseChanged(Phase.CHECK, 2, reason=Reason(code, 0.5, 1.0, "share", HAMSTRING)))
    assert card.word
    assert card.body


def test_connecting_names_what_is_awaited() -> None:
    card = card_after(
        SensorChanged("/dev/pts/3", SensorPhase.CONNECTING), SensorChanged("b", SensorPhase.STREAMING, "b", (GLUTE,))
    )
    assert (card.word, card.body) == ("Connecting…", "Waiting for Sensor 3")


def test_rest_shows_progress_and_seconds_rounded_up() -> None:
    card = card_after(PhaseChanged(Phase.LIE_STILL, progress=0.4, seconds_left=1.2))
    assert (card.word, card.progress) == ("Lie still", 0.4)
    assert card.body == "Measuring the rest level · 2 s left"


def test_ready_names_leg_and_lift() -> None:
    card = card_after(PhaseChanged(Phase.READY, lift=2))
    assert (card.kicker, card.word) == ("LIFT 2 OF 6", "Ready")
    assert card.body == "Lift the right leg about a hand's width"


@pytest.mark.parametrize("phase", [Phase.LIE_STILL, Phase.READY])
def test_a_test_whose_muscles_nobody_named_is_not_ready(phase: Phase) -> None:
    message = Message(MessageCode.NO_EMG)
    content = card_after(Notice(NoticeKind.CHANNELS, message), PhaseChanged(phase, lift=1))
    assert (content.word, content.body) == ("Name the muscles", f"N{str(message)[1:]}.")


def test_a_lift_beyond_the_wanted_ones_does_not_count_past_them() -> None:
    assert card_after(PhaseChanged(Phase.READY, lift=7)).kicker == "LIFT 7"


def test_nothing_is_shown_of_the_last_lift_while_the_leg_moves() -> None:
    card = card_after(LiftEnded(make_lift(1)), PhaseChanged(Phase.LIFTING, lift=2))
    assert (card.word, card.figure, card.note) == ("Lifting…", "", "")


def provisional(lag_s: float, p_hamstring_first: float, time_s: float = 10.0) -> ProvisionalOrder:
    """Make a first word on an order."""
    lag = make_lift().lag
    assert lag is not None
    return ProvisionalOrder(Side.RIGHT, time_s, replace(lag, lag_s=lag_s, p_hamstring_first=p_hamstring_first))


@pytest.mark.parametrize(
    ("lag_s", "p_first", "line"),
    [
        (0.084, 0.962, "provisional: hamstring ahead by about 80 ms, 96 % sure"),
        (-0.036, 0.001, "provisional: glute max ahead by about 40 ms, 99 % sure"),
        (0.012, 0.7, "provisional: no clear order yet"),
    ],
)
def test_while_the_leg_moves_a_small_line_gives_the_provisional_order(lag_s: float, p_first: float, line: str) -> None:
    lifting = PhaseChanged(Phase.LIFTING, lift=2)
    card = card_after(LiftStarted(2, 10.1, Side.RIGHT), lifting, provisional(lag_s, p_first))
    assert (card.word, card.figure, card.note) == ("Lifting…", "", line)
    assert (card.word_role, card.edge_role) == ("hip", "hip")


def test_a_provisional_order_from_before_the_lift_was_noticed_is_shown_and_an_older_one_is_not() -> None:
    lifting = PhaseChanged(Phase.LIFTING, lift=2)
    assert card_after(provisional(0.08, 0.96, 9.5), LiftStarted(2, 10.0, Side.RIGHT), lifting).note
    assert card_after(provisional(0.08, 0.96, 8.5), LiftStarted(2, 10.0, Side.RIGHT), lifting).note == ""


def test_the_verdict_replaces_the_provisional_order() -> None:
    model = ViewModel()
    model.feed([STARTED, LiftStarted(1, 10.0, Side.RIGHT), provisional(0.08, 0.96), LiftJudged(make_lift(1))])
    assert model.provisional is None
    model.feed([LiftStarted(2, 20.0, Side.RIGHT), provisional(0.08, 0.96, 20.1), LiftDismissed(2, 20.3, Side.RIGHT)])
    assert model.provisional is None


def test_an_answer_without_its_lift_shows_no_figure() -> None:
    card = card_after(LiftJudged(make_lift(1)), PhaseChanged(Phase.ANSWER, lift=2))
    assert card.figure == ""


def test_an_answer_taken_back_at_the_end_of_the_lift_becomes_a_check() -> None:
    lift = make_lift(1)
    spoilt = replace(lift, valid=False, reason=Reason(ReasonCode.LIFT_TOO_FAST, 80.0, 60.0, "deg/s"))
    card = card_after(LiftJudged(lift), PhaseChanged(Phase.ANSWER, lift=1), LiftEnded(spoilt))
    assert (card.word, card.figure) == ("Repeat lift", "")


def test_done_shows_the_set() -> None:
    lifts = [make_lift(i + 1) for i in range(6)]
    card = card_after(SetUpdated(make_set(lifts)), PhaseChanged(Phase.DONE))
    assert card.kicker == "RIGHT LEG · 6 OF 6 LIFTS COUNTED"
    assert (card.word, card.figure, card.tail) == ("Hamstring first", "84 ms", "over the set, before glute max")
    assert card.note.startswith("90 % interval +61 ms to +107 ms")


def test_an_open_set_says_how_many_lifts_would_settle_it() -> None:
    result = make_set([make_lift()], Verdict.INCONCLUSIVE, lifts_to_settle=3)
    assert set_card(result, ENGLISH).body == "About 3 more lifts would settle it"


def test_an_unjudged_set_says_why() -> None:
    reason = Reason(ReasonCode.TOO_FEW_LIFTS, 2.0, 3.0)
    card = set_card(make_set([make_lift()], Verdict.NOT_JUDGED, reason=reason, lag_s=None), ENGLISH)
    assert card.word == "Not judged"
    assert card.body == "Only 2 of the 3 lifts needed could be judged: record more lifts"


def test_a_session_that_fails_shows_its_error_and_no_result() -> None:
    card = card_after(SetUpdated(make_set([make_lift()])), SessionEnded(Message(MessageCode.DISK_FULL)))
    assert (card.word, card.body, card.figure) == ("Stopped", "The disk is full", "")


def test_a_session_without_lifts_ends_without_a_result() -> None:
    assert card_after(SessionEnded()).figure == ""


def test_link_lost_is_an_alarm() -> None:
    card = card_after(PhaseChanged(Phase.LINK_LOST))
    assert (card.word, card.word_role, card.body) == (
        "Link lost",
        "alarm",
        "Reconnecting. Everything up to here is kept",
    )


def test_the_inner_hamstring_gives_its_own_colour_where_it_alone_was_measured() -> None:
    lift = make_lift()
    inner = KIT_4[0].parse("hamstring_medial/right")
    onsets = {inner if site == HAMSTRING else site: onset for site, onset in lift.onsets.items()}
    assert answer_card(replace(lift, onsets=onsets), ENGLISH).word_role == "M"


def test_a_screen_reader_hears_word_figure_and_note() -> None:
    spoken = answer_card(make_lift(), ENGLISH).spoken
    assert "Hamstring first. 84 ms before glute max. ± 12 ms" in spoken
