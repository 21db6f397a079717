"""Say what the session has to tell in the language of the window. No Qt."""

from firingorder_session.messages import Message, say

from .texts import Texts


def tell(message: Message | None, texts: Texts) -> str:
    """Say a message as the beginning of a sentence; nothing where there is none.

    What begins with a name, of a link or a file, is left as that is written.
    """
    if message is None:
        return ""
    text = say(message, texts.messages, texts.words.reasons)
    return text if texts.messages.sentences[message.code].startswith("{") else text[:1].upper() + text[1:]
