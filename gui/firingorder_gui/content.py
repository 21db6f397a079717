"""What the state card shows, whoever fills it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CardContent:
    """What the state card says, top to bottom. Roles are colour roles of `theme.py`; empty text is not drawn."""

    kicker: str
    word: str
    word_role: str = "text"
    figure: str = ""
    tail: str = ""
    body: str = ""
    note: str = ""
    progress: float | None = None
    edge_role: str | None = None
    hollow_badge: str = ""  # letter of a muscle that stayed silent

    @property
    def spoken(self) -> str:
        """All of it in one sentence, for a screen reader."""
        parts = (self.kicker, self.word, f"{self.figure} {self.tail}".strip(), self.body, self.note)
        return ". ".join(part for part in parts if part)
