"""The state card while the guide leads: lift now, rest, hold, switch side. Derived from the model without Qt."""

from math import ceil

from firingorder_session.events.live_events import Phase
from firingorder_signal.blocks import Side

from .content import CardContent
from .model import ViewModel


def wait_text(model: ViewModel, cue: str) -> str:
    """Put the wait for the tone before the cue, where there will be one."""
    return model.texts.guide.wait_for_tone.format(cue=cue) if model.awaits_cues else cue


def hold_kicker(model: ViewModel) -> str:
    """Name the hold in turn, with its side where one leg holds."""
    texts, phase = model.texts, model.phase
    kicker = texts.guide.kicker_hold.format(number=phase.lift or 1, wanted=model.wanted)
    if phase.side not in (Side.LEFT, Side.RIGHT):
        return kicker
    return texts.effort.of_side.format(what=kicker, side=texts.sides[phase.side].upper())


def guide_card(model: ViewModel, kicker: str, cue: str) -> CardContent:
    """Show a phase that the guide has led to."""
    texts, phase = model.texts.guide, model.phase
    seconds = None if phase.seconds_left is None else ceil(phase.seconds_left)
    match phase.phase:
        case Phase.LIFT:
            return CardContent(kicker, texts.lift, word_role="hip", body=cue, edge_role="hip")
        case Phase.HOLD:
            body = cue if seconds is None else texts.hold_left.format(seconds=seconds)
            return CardContent(kicker, texts.hold, word_role="hip", body=body, progress=phase.progress, edge_role="hip")
        case Phase.SWITCH_SIDE:
            other = Side.LEFT if model.side is Side.RIGHT else Side.RIGHT
            return CardContent("", texts.switch_side, body=texts.switch_to[other], edge_role="text")
        case _:
            line = texts.rest_hold if model.holds else texts.rest_lift
            body = texts.rest_over if seconds is None else line.format(seconds=seconds)
            return CardContent(kicker, texts.rest, body=body, progress=phase.progress)
