"""What only a screen reader says, because the eye has it from a picture. Derived from the model without Qt."""

from collections.abc import Iterable

from firingorder_signal.blocks import Side, Site

from .model import ViewModel
from .sites import lane_name
from .status import TopContent, lane_notes
from .texts import Texts


def spoken_site(site: Site, texts: Texts) -> str:
    """Name a lane with its side."""
    name = lane_name(site, texts)
    return name if site.side is Side.MIDDLE else texts.sided_name.format(name=name, side=texts.sides[site.side])


def traces_name(sites: Iterable[Site], texts: Texts) -> str:
    """Name what is traced."""
    return texts.traces_name.format(names=", ".join(spoken_site(site, texts) for site in sites))


def traces_trouble(model: ViewModel, banner: str) -> str:
    """Say what stands over the traces and beside them; empty where all is well."""
    texts, notes = model.texts, lane_notes(model)
    told = [texts.lane_trouble.format(name=spoken_site(site, texts), note=note) for site, note in notes.items()]
    return ". ".join(word for word in (banner, *told) if word)


def top_spoken(content: TopContent, texts: Texts) -> str:
    """Say how far the test is, each sensor's state, and whether it is recorded; not the clock, which never rests."""
    done = sum(circle.filled for circle in content.circles)
    progress = (
        texts.lift_progress.format(done=done, wanted=len(content.circles)) if content.circles else content.counter
    )
    recording = texts.is_recording if content.is_recording else content.recording if content.error else ""
    words = (progress, *(chip.spoken for chip in content.chips), content.error, recording)
    return ". ".join(word for word in words if word)
