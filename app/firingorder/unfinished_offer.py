"""Offer to go on with the test that was left unfinished when the program died: in the window, or as a line."""

import argparse
import sys
from pathlib import Path

from firingorder.run_test import has_display
from firingorder_session.running.unfinished import TestAtHand, Unfinished, find_unfinished

#: Begins every line.
WHO = "firingorder: "


def offer_unfinished(folder: Path, test: TestAtHand, arguments: argparse.Namespace) -> tuple[Path | None, bool]:
    """Look for an unfinished test, and ask.

    Returns
    -------
    The recording to go on with, None for a new one; and whether anything is to be begun at all.
    """
    unfinished = find_unfinished(folder, test, lambda line: print(f"{WHO}{line}", file=sys.stderr))
    if unfinished is None:
        return None, True
    if arguments.offscreen or not has_display():
        print(f"{WHO}{describe(unfinished)}", file=sys.stderr, flush=True)
        return None, True
    from firingorder_gui.app import ask_to_go_on
    from firingorder_gui.languages import texts_of
    from firingorder_gui.offer import Choice

    texts = texts_of(arguments.language)
    choice = ask_to_go_on(unfinished, theme=arguments.theme, texts=texts, full_screen=arguments.full_screen)
    return (unfinished.path if choice is Choice.GO_ON else None), choice is not Choice.NEITHER


def describe(unfinished: Unfinished) -> str:
    """Say what there is to go on with, and how."""
    what = "holds" if unfinished.protocol.hold is not None else "lifts"
    count = f"{unfinished.counted} of {unfinished.wanted} {what} counted"
    return f"an unfinished test from {unfinished.begun.astimezone():%H:%M}, {count}; --resume {unfinished.path} goes on"
