"""Say what the session has to tell in the language of the window. No Qt."""

import string

from firingorder_session.errors import ToldError
from firingorder_session.message_words import MessageWords
from firingorder_session.messages import Message, say
from firingorder_signal.errors import FiringOrderError

from .texts import Texts


def tell(message: Message | None, texts: Texts) -> str:
    """Say a message as the beginning of a sentence; nothing where there is none.

    What begins with a name, of a link or a file, is left as that is written.
    """
    if message is None:
        return ""
    text = say(message, texts.messages, texts.words.reasons)
    return text if begins_with_name(message, texts.messages) else text[:1].upper() + text[1:]


def tell_error(error: FiringOrderError, texts: Texts) -> str:
    """Say why something was refused, within a sentence: in the window's language where the session has a message."""
    if isinstance(error, ToldError):
        return say(error.message, texts.messages, texts.words.reasons)
    return str(error)


def begins_with_name(message: Message, words: MessageWords) -> bool:
    """Tell whether the first word of a message is a fact that is no clause."""
    before, name, _, _ = next(iter(string.Formatter().parse(words.sentences[message.code])))
    if before or name is None:
        return False
    first = message.facts[name]
    return begins_with_name(first, words) if isinstance(first, Message) else True
