"""The English words of results, all in one record; their tables are in the modules that say them."""

from . import motion_words, reasons, sync
from .words import Words

ENGLISH = Words(reasons.ENGLISH, motion_words.ENGLISH, sync.ENGLISH)
