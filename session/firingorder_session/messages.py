"""A message to a person: a code and its facts, of which each language makes its sentence.

The terminal, logs and the lab's network have the English one (`str`); the window asks for its own language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from firingorder_signal.blocks import Side, Site
from firingorder_signal.reasons import name_site
from firingorder_signal.words import Numbers, ReasonWords

from .message_codes import MessageCode as MessageCode
from .message_words import ENGLISH, MessageWords

#: Digits of a figure that is no whole number.
N_DIGITS = 1


@dataclass(frozen=True)
class Placed:
    """A sensor or channel by its name, and where it sits; None where nobody said."""

    name: str
    site: Site | None = None

    def __str__(self) -> str:
        """Write it as it is typed."""
        return self.name if self.site is None else ENGLISH.placed.format(name=self.name, site=self.site)


@dataclass(frozen=True)
class Message:
    """Something to be said.

    Attributes
    ----------
    facts
        What the sentence names: names, paths and commands as they are, figures, places, and other messages. A tuple is
        listed.
    """

    code: MessageCode
    facts: "Mapping[str, Fact]" = field(default_factory=dict[str, "Fact"])

    def __str__(self) -> str:
        """Say it in English, with sites as they are typed."""
        return say(self)


Fact = (
    str
    | int
    | float
    | Side
    | Placed
    | Message
    | tuple[str, ...]
    | tuple[Placed, ...]
    | tuple[Side, ...]
    | tuple[Message, ...]
)


def say(message: Message, words: MessageWords = ENGLISH, names: ReasonWords | None = None) -> str:
    """Say a message in a language.

    Parameters
    ----------
    names
        Names of sites and the look of figures; None = sites as they are typed.

    Examples
    --------
    >>> say(Message(MessageCode.WAITING_FOR, {"units": (Placed("1a2b", Site.parse("gluteus_maximus/right")),)}))
    'waiting for 1a2b (gluteus_maximus/right)'
    """
    facts = {name: _write(fact, words, names) for name, fact in message.facts.items()}
    return words.sentences[message.code].format(**facts)


def _write(fact: Fact, words: MessageWords, names: ReasonWords | None) -> str:
    """Write one fact."""
    match fact:
        case str():
            return fact
        case int():
            return str(fact)
        case float():
            return (Numbers() if names is None else names.numbers).write(fact, N_DIGITS)
        case Side():
            return words.sides[fact]
        case Placed(name=name, site=site):
            if site is None or names is None:
                return str(fact)
            return words.placed.format(name=name, site=name_site(site, names, with_side=True))
        case Message():
            return say(fact, words, names)
        case _:
            # A list of clauses has commas of its own.
            between = "; " if fact and isinstance(fact[0], Message) else ", "
            return between.join(_write(each, words, names) for each in fact)
