"""The state card's content: one word, one figure, one instruction, derived from the model without Qt.

No figure appears before it is known; while the leg moves there is at most a small line that says it is provisional. The
card takes the colour of the muscle that was first; `together` and silent muscles are plain text; the alarm colour is
for signal problems only.
"""

from firingorder_session.events.live_events import NoticeKind, Phase, SensorPhase
from firingorder_signal.blocks import HAMSTRINGS, Side, Site
from firingorder_signal.events import ProvisionalOrder
from firingorder_signal.motion_words import describe_range, describe_ranges
from firingorder_signal.reasons import describe
from firingorder_signal.results import Lag, Lift, Reason, ReasonCode, SetResult, Verdict
from firingorder_signal.set_motion import is_examiners

from . import figures
from .content import CardContent
from .guide_cards import guide_card, hold_kicker, wait_text
from .model import ViewModel, is_scored
from .placement import placement_fix
from .sites import lane_name, role_of, sensor_name
from .telling import tell
from .texts import Texts
from .troubles import trouble_card

#: Reasons that are about the person's movement, not about a sensor: the card asks for a repetition, without alarm.
MOVEMENT_REASONS = frozenset(
    {
        ReasonCode.RESTLESS_BASELINE,
        ReasonCode.NO_BASELINE,
        ReasonCode.LIFT_TOO_SMALL,
        ReasonCode.LIFT_TOO_LARGE,
        ReasonCode.LIFT_TOO_FAST,
        ReasonCode.LIFT_TOO_SLOW,
        ReasonCode.NOT_STILL_BEFORE,
        ReasonCode.KNEE_BENT,
        ReasonCode.PELVIS_TILTED,
        ReasonCode.OTHER_EXERCISE,
        ReasonCode.ENDED_EARLY,
        ReasonCode.TOO_FEW_LIFTS,
    }
)


#: A provisional order is named from this probability on (J: four in five), and claims at most that many percent.
LIKELY, MOST_PERCENT = 0.8, 99


def capitalise(text: str) -> str:
    """Make the first letter a capital and leave the rest alone."""
    return text[:1].upper() + text[1:]


def verdict_word(verdict: Verdict, texts: Texts) -> str:
    """Give the words of a verdict."""
    return {
        Verdict.HAMSTRING_FIRST: texts.hamstring_first,
        Verdict.GLUTE_FIRST: texts.glute_first,
        Verdict.SIMULTANEOUS: texts.together,
        Verdict.INCONCLUSIVE: texts.not_clear,
        Verdict.GLUTE_NOT_DETECTED: texts.glute_not_detected,
        Verdict.HAMSTRING_NOT_DETECTED: texts.hamstring_not_detected,
        Verdict.NOT_JUDGED: texts.not_judged,
    }[verdict]


def hamstring_role(lift: Lift | None) -> str:
    """Colour role of the hamstring that was judged: the outer one where it was measured."""
    parts = {site.part for site in lift.onsets} if lift else set[str]()
    part = next((part for part in HAMSTRINGS if part in parts), HAMSTRINGS[0])
    return role_of(Site(part))


def verdict_role(verdict: Verdict, lift: Lift | None) -> str:
    """Colour role of a verdict: the muscle that was first, otherwise plain text. Never red or green."""
    if verdict is Verdict.HAMSTRING_FIRST:
        return hamstring_role(lift)
    if verdict is Verdict.GLUTE_FIRST:
        return role_of(Site("gluteus_maximus"))
    return "text"


def lag_tail(verdict: Verdict, lag_s: float, texts: Texts) -> str:
    """Say what the milliseconds are between."""
    if verdict is Verdict.HAMSTRING_FIRST:
        return texts.before_glute
    if verdict is Verdict.GLUTE_FIRST:
        return texts.before_hamstring
    if verdict is Verdict.SIMULTANEOUS:
        return texts.apart
    return texts.hamstring_ahead if lag_s >= 0 else texts.glute_ahead


def lag_note(lag: Lag, texts: Texts) -> str:
    """Spell out the uncertainty, the null lag, the band and any caution of a lift's lag."""
    words: list[str] = []
    if lag.ci90_s is not None:
        words.append(figures.half_width(lag.ci90_s))
    if lag.null_lag_s is not None:
        words.append(texts.null_lag.format(null=figures.signed_milliseconds(lag.null_lag_s)))
    if lag.band_s is not None:
        words.append(texts.together_within.format(band=figures.milliseconds(lag.band_s)))
    hands = dict.fromkeys(onset.corrected.by for onset in (lag.hamstring, lag.glute) if onset.corrected)
    words += [texts.review.by_hand.format(by=", ".join(hands))] if hands else []
    # That a plain threshold differs on a slow rise is no trouble, and is in the result for whoever looks it up.
    troubles = [reason for reason in lag.cautions if reason.code is not ReasonCode.METHODS_DISAGREE]
    words += [texts.caution.format(what=describe(reason, texts.words.reasons)[0]) for reason in troubles[:1]]
    return "  ·  ".join(words)


def silent_card(kicker: str, verdict: Verdict, texts: Texts) -> CardContent:
    """Say that one muscle did not switch on: plain white, its badge hollow, no figure."""
    glute = verdict is Verdict.GLUTE_NOT_DETECTED
    body = texts.glute_silent_body if glute else texts.hamstring_silent_body
    letter = "G" if glute else "H"
    return CardContent(kicker, verdict_word(verdict, texts), body=body, edge_role="muted", hollow_badge=letter)


def answer_card(lift: Lift, texts: Texts) -> CardContent:
    """Show the verdict of one lift."""
    if is_examiners(lift):
        return examiners_card(lift, texts)
    kicker = texts.kicker_lift.format(number=lift.number)
    verdict = lift.verdict
    if verdict in (Verdict.GLUTE_NOT_DETECTED, Verdict.HAMSTRING_NOT_DETECTED):
        return silent_card(kicker, verdict, texts)
    if verdict is Verdict.NOT_JUDGED or lift.lag is None or lift.lag.lag_s is None:
        return check_card(lift.number, lift_reason(lift), texts)
    role = verdict_role(verdict, lift)
    return CardContent(
        kicker,
        verdict_word(verdict, texts),
        word_role=role,
        figure=figures.milliseconds(lift.lag.lag_s),
        tail=lag_tail(verdict, lift.lag.lag_s, texts),
        note=lag_note(lift.lag, texts),
        edge_role=role,
    )


def examiners_card(lift: Lift, texts: Texts) -> CardContent:
    """Say how far the hip went in a lift in which neither muscle switched on: no electrode needs a hand for that."""
    kicker = texts.kicker_not_scored.format(number=lift.number)
    body = "" if lift.hip_range_deg is None else f"{capitalise(describe_range(lift, texts.words.motion))}. "
    return CardContent(kicker, texts.by_examiner, body=f"{body}{texts.by_examiner_body}", edge_role="text")


def lift_reason(lift: Lift) -> Reason | None:
    """Find why a lift was not judged: its own reason, else its lag's."""
    return lift.reason or (lift.lag.reason if lift.lag else None)


def check_card(number: int | None, reason: Reason | None, texts: Texts) -> CardContent:
    """Say that a lift does not count, why, and what to do now."""
    kicker = texts.not_judged.upper() if number is None else texts.kicker_not_scored.format(number=number)
    if reason is None:
        return CardContent(kicker, texts.not_judged, edge_role="muted")
    what, fix = describe(reason, texts.words.reasons)
    body = texts.what_and_fix.format(what=capitalise(what), fix=fix)
    if reason.code in MOVEMENT_REASONS:
        return CardContent(kicker, texts.repeat_lift, body=body, edge_role="text")
    word = texts.check_sensors
    if reason.site is not None:
        name = lane_name(reason.site, texts)
        word = texts.check_site.format(name=name[:1].lower() + name[1:] if texts.names_are_small else name)
    return CardContent(kicker, word, word_role="alarm", body=body, edge_role="alarm")


def set_note(result: SetResult, texts: Texts) -> str:
    """Spell out the interval, the null lag and what would settle the set."""
    words: list[str] = []
    if result.ci90_s is not None:
        low, high = (figures.signed_milliseconds(bound) for bound in result.ci90_s)
        words.append(texts.interval.format(low=low, high=high))
    if result.null_lag_s is not None:
        words.append(texts.null_lag.format(null=figures.signed_milliseconds(result.null_lag_s)))
    if result.band_s is not None:
        words.append(texts.together_within.format(band=figures.milliseconds(result.band_s)))
    return "  ·  ".join(words)


def settle_line(result: SetResult, texts: Texts) -> str:
    """Say how many more lifts would settle it, where that can be told."""
    if not result.lifts_to_settle:
        return ""
    return texts.one_more_lift if result.lifts_to_settle == 1 else texts.more_lifts.format(count=result.lifts_to_settle)


def set_card(result: SetResult, texts: Texts) -> CardContent:
    """Show the verdict of the whole set."""
    side = texts.sides[result.side].upper()
    kicker = texts.kicker_set.format(side=side, counted=result.n_valid, total=len(result.lifts))
    kicker = " ".join(kicker.split())  # of no side, none is named
    if result.verdict in (Verdict.GLUTE_NOT_DETECTED, Verdict.HAMSTRING_NOT_DETECTED):
        return silent_card(kicker, result.verdict, texts)
    if result.verdict is Verdict.NOT_JUDGED or result.lag_s is None:
        body = ""
        if result.reason is not None:
            what, fix = describe(result.reason, texts.words.reasons)
            body = texts.what_and_fix.format(what=capitalise(what), fix=fix)
        ranges = capitalise(describe_ranges(result, texts.words.motion))
        return CardContent(kicker, texts.not_judged, body=body, note=ranges, edge_role="text")
    role = verdict_role(result.verdict, next((lift for lift in result.lifts if is_scored(lift)), None))
    return CardContent(
        kicker,
        verdict_word(result.verdict, texts),
        word_role=role,
        figure=figures.milliseconds(result.lag_s),
        tail=texts.set_tail.format(tail=lag_tail(result.verdict, result.lag_s, texts)),
        note=set_note(result, texts),
        body=capitalise(settle_line(result, texts) or describe_ranges(result, texts.words.motion)),
        edge_role=role,
    )


def waiting_text(model: ViewModel) -> str:
    """Name what has not arrived yet."""
    texts = model.texts
    awaited = [sensor for sensor in model.sensors.values() if sensor.phase is not SensorPhase.STREAMING]
    names = [sensor_name(sensor.link, sensor.sites, texts) for sensor in awaited]
    if names:
        return texts.waiting_for.format(names=", ".join(names))
    return texts.checking_signals if model.sensors else texts.waiting_for_sensors


def with_seconds(text: str, seconds_left: float | None, texts: Texts) -> str:
    """Append the seconds left, rounded up, where they are known."""
    if seconds_left is None:
        return text
    whole = int(-(-seconds_left // 1))
    return texts.seconds_left.format(text=text, seconds=max(whole, 0))


def next_kicker(model: ViewModel) -> str:
    """Name the lift in turn."""
    number = model.phase.lift
    if number is None or model.test is None:
        return ""
    if model.holds:
        return hold_kicker(model)
    if number > model.wanted:
        return model.texts.kicker_lift.format(number=number)
    return model.texts.kicker_next.format(number=number, wanted=model.wanted)


def ready_text(model: ViewModel) -> str:
    """Give the one instruction before a lift."""
    texts = model.texts
    if model.test is not None and (cues := model.test.cues):
        return cues.get(texts.language, cues["en"]).of(model.side)
    if model.side in (None, Side.MIDDLE):
        return texts.lift_when_ready_no_side
    return texts.lift_when_ready.format(side=texts.sides[model.side])


def provisional_note(provisional: ProvisionalOrder | None, texts: Texts) -> str:
    """Put a provisional order into one small line: to ten milliseconds, and never quite sure."""
    if provisional is None or provisional.lag.lag_s is None or provisional.lag.p_hamstring_first is None:
        return ""
    p_first = provisional.lag.p_hamstring_first
    sure = max(p_first, 1.0 - p_first)
    if sure < LIKELY:
        return texts.provisional_open
    text = texts.provisional_hamstring if p_first > 0.5 else texts.provisional_glute
    lag = figures.about_milliseconds(provisional.lag.lag_s)
    return text.format(lag=lag, percent=min(figures.whole(100 * sure), MOST_PERCENT))


def phase_card(model: ViewModel) -> CardContent:
    """Show a phase that has no answer: what is going on and what to do."""
    texts, phase = model.texts, model.phase
    unnamed = model.notices.get((NoticeKind.CHANNELS, ""))
    match phase.phase:
        case Phase.LIE_STILL | Phase.READY if unnamed is not None:
            body = f"{tell(unnamed.message, texts)}."
            return CardContent(texts.kicker_sensors, texts.name_muscles, body=body, edge_role="text")
        case Phase.LIE_STILL:
            body = with_seconds(texts.measuring_rest, phase.seconds_left, texts)
            return CardContent(texts.kicker_rest, texts.lie_still, body=body, progress=phase.progress)
        case Phase.READY:
            if fix := placement_fix(model):
                return CardContent(next_kicker(model), texts.check_sensors, body=fix, edge_role="text")
            return CardContent(next_kicker(model), texts.ready, body=wait_text(model, ready_text(model)))
        case Phase.LIFT | Phase.REST | Phase.HOLD | Phase.SWITCH_SIDE:
            return guide_card(model, next_kicker(model), ready_text(model))
        case Phase.LIFTING:
            body, note = texts.hold_then_lower, provisional_note(model.provisional, texts)
            return CardContent(
                next_kicker(model), texts.lifting, word_role="hip", body=body, note=note, edge_role="hip"
            )
        case Phase.LINK_LOST:
            word, body = texts.link_lost, texts.link_lost_body
            return CardContent(texts.kicker_lost, word, word_role="alarm", body=body, edge_role="alarm")
        case _:
            body = tell(phase.detail, texts) or waiting_text(model)
            return CardContent(texts.kicker_sensors, texts.connecting, word_role="muted", body=body)


def ended_card(model: ViewModel) -> CardContent:
    """Show how the session ended: its error, its set, or that nothing was judged."""
    texts = model.texts
    if model.ended is not None and model.ended.error is not None:
        body = tell(model.ended.error, texts)
        return CardContent(texts.kicker_ended, texts.error_word, word_role="alarm", body=body, edge_role="alarm")
    if model.result is not None and not model.holds:
        return set_card(model.result, texts)
    word = texts.done if model.phase.phase is Phase.DONE else texts.ended
    body = texts.ended_body
    if model.holds and model.test is not None:
        body = texts.effort.ended.format(done=model.n_held, wanted=model.wanted)
    return CardContent(texts.kicker_ended, word, word_role="muted", body=body)


def state_card(model: ViewModel) -> CardContent:
    """Derive the state card: a trouble first, else the phase decides, and the lift or the set fills it."""
    if trouble := trouble_card(model):
        return trouble
    if model.ended is not None or model.phase.phase is Phase.DONE:
        return ended_card(model)
    phase, texts = model.phase, model.texts
    lift = model.lifts.get(phase.lift) if phase.lift is not None else model.shown_lift
    if phase.phase is Phase.ANSWER:
        if lift is None:
            return CardContent(next_kicker(model), texts.lifting, word_role="hip", body=texts.result_follows)
        return answer_card(lift, texts)
    if phase.phase is Phase.CHECK:
        if lift is not None and is_examiners(lift):
            return examiners_card(lift, texts)
        reason = phase.reason or (lift_reason(lift) if lift else None)
        fix = placement_fix(model)
        if fix and reason is not None and reason.code is ReasonCode.OTHER_EXERCISE:
            # A sensor that sits wrongly makes another movement of it.
            kicker = texts.kicker_not_scored.format(number=phase.lift)
            return CardContent(kicker, texts.check_sensors, body=fix, edge_role="text")
        return check_card(phase.lift, reason, texts)
    return phase_card(model)
