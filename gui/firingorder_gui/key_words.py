"""What the keys for on and back mean at the moment: in a test, in its set-up, in a replay of either, and at its end."""

from firingorder_session.events.live_events import Origin

from .bottom_bar import Action
from .model import ViewModel


def key_words(model: ViewModel, *, can_review: bool) -> dict[Action, str]:
    """Say what the two keys do; `can_review` tells whether a replay that has ended can be looked through."""
    texts = model.texts
    onward, back = texts.key_next, texts.key_repeat
    if model.set_up is not None:
        back = texts.set_up.key_back
        onward = texts.set_up.key_to_test if model.origin is Origin.REPLAY else onward
    elif model.ended is not None and can_review:
        onward = texts.review.look_through
    return {Action.NEXT: onward, Action.REPEAT: back}
