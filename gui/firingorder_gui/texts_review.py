"""Every word of the review, of the comparison of two visits, and of the export of pictures."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ReviewTexts:
    """English; lines with `{...}` keep their names in every language."""

    tag: str = "REVIEW"
    look_through: str = "review"
    analysing: str = "Analysing the recording: {percent}\u00a0%"
    analysing_word: str = "Analysing"
    no_lifts: str = "No lift was found in this recording"
    overview: str = "The whole recording, {clock}; the frame is what is shown above"
    position: str = "{start} to {stop} of {total}"
    whole_set: str = "whole set"
    earlier_lift: str = "earlier lift"
    later_lift: str = "later lift"
    move_onset: str = "move an onset"
    take_back: str = "take back"
    picture: str = "picture"
    report: str = "report"
    close: str = "close (hold)"

    # Onsets by hand
    by_hand: str = "by hand: {by}"
    hand_line: str = "{muscle}: by hand, {by}, {at}"
    by_hand_row: str = "corrected by hand"
    moving: str = "{muscle}: {moved} ms"
    moving_keys: str = "arrows move by 1 ms, with Shift by 10 ms  ·  Enter keeps, Esc drops, Tab takes the next muscle"
    kept: str = "Kept beside the found onset: {muscle}, lift {number}, by {by}"
    taken_back: str = "The last correction was taken back"
    not_movable: str = "Only a found onset of a judged lift can be moved"
    ask_who: str = "Who moves this onset? Initials are kept with the correction in the recording."
    ask_who_keys: str = "Enter goes on  ·  Esc does not"
    initials: str = "Initials"

    # Pictures
    picture_saved: str = "Picture saved: {path}"
    picture_failed: str = "The picture could not be written to {path}"

    # Reports
    report_making: str = "Making the report …"
    report_saved: str = "Report saved: {path}"
    report_failed: str = "No report: {what}"
    report_none: str = "A report is made of a recording whose test is over"

    # Two visits
    compare_title: str = "Two visits side by side"
    visit_first: str = "FIRST VISIT"
    visit_second: str = "SECOND VISIT"
    visit_line: str = "{name}  ·  {created}"
    nearest_lens: str = "LIFT {number}, NEAREST TO THE SET LAG"
    difference: str = "DIFFERENCE"
    lag_change: str = "Glute delay: {before} before, {now} now"
    change_told: str = "{change}: more than the {limit} that can be told between visits"
    change_untold: str = "{change}: no change that can be told (below {limit})"
    change_limit_wide: str = "Limit: what the two intervals leave open, which is more than the usual 60 ms"
    change_limit: str = "Limit: 60 ms between visits until the person's own scatter is known"
    not_both: str = "A set lag is not there in both visits, so that no difference is told"
    pelvis_change: str = "Pelvic tilt, median: {words}"
    range_change: str = "Hip range, largest: {words}"
    not_comparable: str = "Not to be compared: {why}"
    other_test: str = "the tests differ ({before}; {after})"
    other_cue: str = "the cues differ"
    other_side_tested: str = "the sides differ ({before}; {after})"
    other_person: str = "the codes of the person differ"

    help_lines: tuple[tuple[str, str], ...] = (
        ("Right  ·  Space  ·  Page Down  ·  pedal", "the next lift"),
        ("Left  ·  Page Up", "the lift before"),
        ("1 to 9  ·  click in the bar or on a row", "that lift"),
        ("0", "the whole set"),
        ("comma  ·  full stop  ·  drag the frame", "move through the recording"),
        ("click in the traces", "in a recording of holds: look at that moment"),
        ("Tab, then arrows", "move an onset by 1 ms, with Shift by 10 ms"),
        ("drag in the lens", "move an onset"),
        ("Enter  ·  Esc", "keep a moved onset, or drop it"),
        ("U  ·  Backspace", "take the last correction back"),
        ("L", "the other side, where both were measured"),
        ("E", "save the window as SVG and PNG, with Shift the lens alone"),
        ("P", "write a report beside the recording: a page to hand over, and its methods"),
        ("H", "this person's visits, and what has changed"),
        ("Esc, held for one second", "close"),
    )
