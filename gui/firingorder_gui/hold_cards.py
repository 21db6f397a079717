"""The state card of a hold that is over, as the review shows it. No Qt."""

from firingorder_session.events.effort_events import HoldSummary
from firingorder_session.judging.hold_sets import muscles_of

from . import figures
from .content import CardContent
from .effort import fatigue_line, hold_title
from .sites import role_of
from .texts import Texts


def hold_card(summary: HoldSummary, texts: Texts) -> CardContent:
    """Show how hard the glute worked, and how it tired; the stronger one where both were held."""
    words = texts.effort
    glutes = [muscle for muscle in muscles_of(summary) if muscle.site.is_glute]
    kicker = hold_title(summary, texts).upper()
    if not glutes:
        return CardContent(kicker, words.review_no_percent, edge_role="muted")
    glute = max(glutes, key=lambda muscle: muscle.percent or 0.0)
    role = role_of(glute.site)
    fatigue = fatigue_line(glute.fatigue, texts)
    body = fatigue[:1].upper() + fatigue[1:]
    if glute.percent is None:
        return CardContent(kicker, words.review_no_percent, body=body, edge_role=role)
    word = words.review_word.format(percent=figures.integer(glute.percent))
    note = ""
    if glute.in_band_s is not None:
        length = figures.whole(summary.hold.time_s - summary.hold.start_s)
        note = words.in_band_note.format(band=figures.whole(glute.in_band_s), length=length)
    return CardContent(kicker, word, word_role=role, body=body, note=note, edge_role=role)
