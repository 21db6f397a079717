"""What the steps of the set-up page are made of: rows, the page, names, and what the keys do. No Qt."""

from dataclasses import dataclass

from firingorder_session.events.set_up_events import SetUpChanged
from firingorder_signal.blocks import Site

from .texts import Texts

#: Full width of a level's bar: dB above rest, degrees of turn, µV at rest.
BAR_DB, BAR_DEG, BAR_UV = 25.0, 20.0, 20.0


@dataclass(frozen=True)
class PageRow:
    """One line: badge or number, name, word, detail; a bar where there is a level."""

    name: str
    word: str = ""
    detail: str = ""
    letter: str = ""
    role: str = "muted"
    well: bool = True
    share: float | None = None
    chosen: bool = False
    strong: bool = True
    wide: bool = False  # the name is a sentence


@dataclass(frozen=True)
class PageContent:
    """The page, top to bottom; `emphasis` are the places the picture shows strongly."""

    kicker: str
    word: str
    body: str
    word_role: str = "text"
    rows: tuple[PageRow, ...] = ()
    note: str = ""
    progress: float | None = None
    caps: tuple[tuple[str, str], ...] = ()
    sites: tuple[Site, ...] = ()
    emphasis: tuple[Site, ...] = ()

    @property
    def spoken(self) -> str:
        """All of it in one text, for a screen reader."""
        rows = [f"{row.name}: {row.word} {row.detail}".strip() for row in self.rows]
        return ". ".join(text for text in (self.word, self.body, *rows, self.note) if text)


def site_name(site: Site, texts: Texts) -> str:
    """Name a site with its side: `right hamstring`."""
    part = texts.set_up.sites.get(site.part, site.part)
    side = texts.sides[site.side]
    return texts.set_up.sided.format(side=side, part=part) if side else part


def kicker(said: SetUpChanged, texts: Texts) -> str:
    """Say which step this is, of how many."""
    if said.step not in said.steps:
        return ""
    number = said.steps.index(said.step) + 1
    return texts.set_up.kicker.format(number=number, total=len(said.steps), name=texts.set_up.steps[said.step])


def key_caps(texts: Texts, *more: tuple[str, str], skip: bool = False, back: str = "") -> tuple[tuple[str, str], ...]:
    """List what the keys do here, the next step first."""
    words = texts.set_up
    first = (texts.cap_next, words.key_skip if skip else words.key_next)
    return (first, *more, ("R", back or words.key_back))


def capital(text: str) -> str:
    """Begin a sentence."""
    return text[:1].upper() + text[1:]
