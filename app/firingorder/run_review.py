"""Show recordings under review in a window, or print them: what `firingorder review` does."""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from firingorder.run_test import has_display, say_picture
from firingorder_session.judging.review import Review

if TYPE_CHECKING:
    from firingorder_session.judging.visits import Visit, VisitChange


def shows_window(arguments: argparse.Namespace) -> bool:
    """Say whether there will be a window: on a display, or for its picture."""
    return not (arguments.offscreen or not has_display()) or arguments.screenshot is not None


def show_reviews(reviews: Sequence[Review], arguments: argparse.Namespace) -> int:
    """Show one recording, or two side by side; return the exit code."""
    offscreen = arguments.offscreen or not has_display()
    code = 0
    if shows_window(arguments):
        if offscreen:
            os.environ["QT_QPA_PLATFORM"] = "offscreen"
        code = show_window(reviews, arguments, offscreen=offscreen)
    else:
        analyze_all(reviews)
    print_reviews(reviews)
    if arguments.screenshot is not None:
        code = say_picture(arguments.screenshot) or code
        note_picture(reviews, arguments.screenshot)
    return code


def show_window(reviews: Sequence[Review], arguments: argparse.Namespace, *, offscreen: bool) -> int:
    """Run the window until it is closed, or until its picture is made where nobody watches."""
    from firingorder_gui.languages import texts_of
    from firingorder_gui.review_app import run_review

    return run_review(
        reviews,
        by=arguments.by,
        lift=arguments.lift,
        theme=arguments.theme,
        texts=texts_of(arguments.language),
        screenshot=arguments.screenshot,
        full_screen=arguments.full_screen,
        close_when_done=offscreen,
    )


def analyze_all(reviews: Sequence[Review]) -> None:
    """Analyse without a window, with a progress bar."""
    from firingorder.progress import Progress

    for review in reviews:
        duration_s = review.recording.duration_s
        with Progress(review.recording.info.name) as progress:
            for done, _ in review.analyze():
                progress.show("judging", done * duration_s, duration_s)


def print_reviews(reviews: Sequence[Review]) -> None:
    """Print each recording's sets."""
    from firingorder.table import write_set

    for review in reviews:
        if len(reviews) > 1:
            print(f"\n{review.recording.info.name}")
        for result in review.results:
            print(write_set(result))
        for note in review.notes:
            print(f"note: {note}")
    if len(reviews) == 2:
        print(f"\n{describe_change(*reviews)}")


def describe_change(before: Review, after: Review) -> str:
    """Say in one line how the sets of one side differ between two visits."""
    from firingorder.table_words import ms
    from firingorder_session.judging.visits import compare_sets

    sides = [result.side for result in before.results]
    pairs = [(result, sides.index(result.side)) for result in after.results if result.side in sides]
    second, place = pairs[0] if pairs else (after.results[0] if after.results else None, 0)
    first = before.results[place] if before.results else None
    one, other = before.visit(first), after.visit(second)
    change = compare_sets(one, other)
    if not change.comparable:
        return f"difference: not to be compared: {'; '.join(name_differences(change, one, other))}"
    if change.lag_s is None:
        return "difference: a set lag is not there in both visits"
    told = "more than" if change.told else "no change that can be told, below"
    return f"difference of the set lag: {ms(change.lag_s)}; {told} {ms(change.limit_s, signed=False)}"


def note_picture(reviews: Sequence[Review], path: Path) -> None:
    """Note a picture of recordings, where it is known whose they are."""
    from firingorder_session.history.hand_out import note_files
    from firingorder_session.judging.analysis import write_identity

    for review in reviews:
        note_files(write_identity(review.recording.info), [path], "picture")


def name_differences(change: "VisitChange", before: "Visit", after: "Visit") -> list[str]:
    """Name what keeps two visits from being compared."""
    one, other = before.key, after.key
    tests = (one.protocol, other.protocol) if one.protocol != other.protocol else (str(one), str(other))
    found = [
        (change.other_test, f"the tests differ ({tests[0]}; {tests[1]})"),
        (change.other_cue, "the cues differ"),
        (change.other_side, f"the sides differ ({before.side.value}; {after.side.value})"),
        (change.other_subject, "the codes of the person differ"),
    ]
    return [text for differs, text in found if differs]
