"""What outweighs the phase on the state card: no recording, a silent sensor, a computer that cannot keep up. No Qt.

The card must never show "Ready" over data that has stopped. A lost link has a phase of its own (`phases.py`).
"""

from firingorder_session.events.live_events import Origin, Phase, SensorPhase

from .content import CardContent
from .model import ViewModel
from .sites import sensor_name
from .telling import tell
from .texts import Texts

#: What a sensor that has streamed is in while nothing comes of it; opened again, it may still be mute for a while.
MUTE = (SensorPhase.STALE, SensorPhase.CONNECTING, SensorPhase.LOST)
#: An answer is promised within half a second (docs/limits.md); twice that is told where everybody looks.
SLOW_S = 1.0


def trouble_card(model: ViewModel) -> CardContent | None:
    """Say the gravest trouble; None where there is none, or the test is over."""
    if model.ended is not None or model.phase.phase in (Phase.LINK_LOST, Phase.DONE):
        return None
    return recording_trouble(model) or silent_trouble(model) or slow_trouble(model) or quiet_trouble(model)


def recording_trouble(model: ViewModel) -> CardContent | None:
    """Say that nothing is recorded any more: a full disk, a stick that was pulled out."""
    words, state = model.texts.trouble, model.recording
    if state is None or state.recording or state.error is None:
        return None
    body = words.not_recording_body.format(error=tell(state.error, model.texts))
    return _card(words.not_recording, body, model.texts)


def silent_trouble(model: ViewModel) -> CardContent | None:
    """Name the sensors of which nothing comes although nobody has ended them."""
    texts = model.texts
    silent = [
        sensor
        for link, sensor in model.sensors.items()
        if sensor.phase is SensorPhase.STALE or (link in model.streamed and sensor.phase in MUTE)
    ]
    if not silent:
        return None
    names = ", ".join(sensor_name(sensor.link, sensor.sites, texts) for sensor in silent)
    return _card(texts.trouble.silent, texts.trouble.silent_body.format(names=names), texts)


def slow_trouble(model: ViewModel) -> CardContent | None:
    """Say that the analysis falls behind what the sensors send; a replay has no such hurry."""
    words, health = model.texts.trouble, model.health
    if health is None or health.analysis_delay_s <= SLOW_S or model.origin is Origin.REPLAY:
        return None
    return _card(words.slow, words.slow_body.format(seconds=round(health.analysis_delay_s)), model.texts)


def quiet_trouble(model: ViewModel) -> CardContent | None:
    """Say that nothing reaches the window, whoever is to blame: also an analysis that hangs and cannot say so."""
    words = model.texts.trouble
    return _card(words.silent, words.quiet_body, model.texts) if model.quiet else None


def _card(word: str, body: str, texts: Texts) -> CardContent:
    """Make the card of a trouble."""
    return CardContent(texts.trouble.kicker, word, word_role="alarm", body=body, edge_role="alarm")
