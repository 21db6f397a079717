"""Every word the window itself shows, in one record, so that a second language is a second record.

Reasons, motion and clocks are worded by the signal package, whose record of the same language is the field `words`;
what a session has to tell by `messages`, whose English is the terminal's too (`firingorder_session.message_words`). No
text judges the person or colours an order; a test reads them all. Names in braces are filled in with `str.format`.
German is in `texts_de.py`; `languages.py` finds a language's record.
"""

from dataclasses import dataclass, field

from firingorder_session.message_words import ENGLISH as ENGLISH_MESSAGES
from firingorder_session.message_words import MessageWords
from firingorder_signal.blocks import Side
from firingorder_signal.words import MINUS, Numbers, Words
from firingorder_signal.words_en import ENGLISH as ENGLISH_WORDS

from .texts_answer import AnswerTexts
from .texts_effort import EffortTexts
from .texts_guide import GuideTexts
from .texts_history import HistoryTexts
from .texts_offer import OfferTexts
from .texts_review import ReviewTexts
from .texts_set_up import SetUpTexts
from .texts_trouble import TroubleTexts

SIDES = {Side.LEFT: "left", Side.RIGHT: "right", Side.MIDDLE: ""}

PARTS = {
    "gluteus_maximus": "Glute max",
    "hamstring_lateral": "Hamstring",
    "hamstring_medial": "Hamstring",
    "erector_spinae": "Low back",
    "multifidus": "Deep back",
    "gluteus_medius": "Glute med",
    "tensor_fasciae_latae": "Hip front",
    "rectus_femoris": "Thigh front",
    "unknown": "Channel",
}

SHORT_PARTS = {
    "gluteus_maximus": "Glute",
    "hamstring_lateral": "Hamstring",
    "hamstring_medial": "Ham. inner",
    "erector_spinae": "Back",
    "multifidus": "Deep back",
    "gluteus_medius": "Glute med",
    "tensor_fasciae_latae": "Hip front",
    "rectus_femoris": "Thigh front",
    "trunk": "trunk",
    "pelvis": "pelvis",
    "thigh": "thigh",
    "shank": "shank",
    "foot": "foot",
    "unknown": "Channel",
}

QUALIFIERS = {"hamstring_lateral": "outer", "hamstring_medial": "inner", "tensor_fasciae_latae": "TFL"}


@dataclass(frozen=True)
class Texts:
    """All texts of the window; the defaults are English. Lines with `{...}` keep their names in every language."""

    app_title: str = "FiringOrder"
    sides: dict[Side, str] = field(default_factory=lambda: dict(SIDES))
    parts: dict[str, str] = field(default_factory=lambda: dict(PARTS))
    short_parts: dict[str, str] = field(default_factory=lambda: dict(SHORT_PARTS))
    qualifiers: dict[str, str] = field(default_factory=lambda: dict(QUALIFIERS))
    language: str = "en"  # which of a test's own words are shown
    words: Words = ENGLISH_WORDS
    messages: MessageWords = ENGLISH_MESSAGES
    numbers: Numbers = Numbers(minus=MINUS)
    names_are_small: bool = True  # whether a muscle's name begins with a small letter inside a sentence
    answer: AnswerTexts = AnswerTexts()
    effort: EffortTexts = field(default_factory=EffortTexts)
    guide: GuideTexts = GuideTexts()
    history: HistoryTexts = field(default_factory=HistoryTexts)
    offer: OfferTexts = OfferTexts()
    trouble: TroubleTexts = TroubleTexts()
    same_side: str = "same side"
    opposite_side: str = "opposite side"
    set_up: SetUpTexts = field(default_factory=SetUpTexts)

    # What only screen readers say
    traces_name: str = "Traces: {names}"
    sided_name: str = "{name} {side}"
    lane_trouble: str = "{name}: {note}"
    table_name: str = "Lifts"
    is_recording: str = "recording"
    is_on: str = "on"

    # Top bar
    leg: str = "{side} leg"
    lift_counter: str = "Lift"
    lift_progress: str = "{done} of {wanted} lifts scored"
    simulated: str = "SIMULATED"
    replay: str = "REPLAY"
    replay_at: str = "REPLAY {speed}×"
    recording: str = "REC {clock}"
    not_recording: str = "NOT RECORDING"
    sensor_unnamed: str = "Sensor {link}"
    sensors_count: str = "{count} sensors"
    sensor_connecting: str = "connecting"
    sensor_streaming: str = "ok"
    sensor_stale: str = "stalled"
    sensor_lost: str = "lost"
    sensor_ended: str = "ended"
    radio_open: str = "not encrypted"
    radio_bonded: str = "encrypted, bonded"
    radio_link: str = "{link}  ·  radio, {secured}"

    # Sensors' card
    sensors_title: str = "SENSORS"
    sensors_close: str = "S closes"
    pair_class: str = "class {letter}, {words}"
    pairs_count: str = "{count} pairs of sensors"
    clocks_title: str = "CLOCKS"
    notes_title: str = "TO KNOW"

    # Notes about one electrode
    note_flat: str = "no signal"
    note_clipped: str = "too strong"
    note_mains: str = "mains hum"
    note_artefact: str = "electrode moves"
    note_lost: str = "{share} % lost"

    # Sensors in the wrong place
    place_face_down: str = "face down"
    place_swapped: str = "swapped?"
    place_other_leg: str = "other leg?"

    # Traces
    channel: str = "Channel {name}"
    hip_angle: str = "Hip angle"
    pelvic_tilt: str = "Pelvic tilt"
    angle_unit: str = "° from rest"
    scale_uv: str = "±{level} µV"
    scale_mv: str = "±{level} mV"
    sweep_width: str = "{seconds} s across"
    frozen: str = "FROZEN · F goes on"
    no_data_for: str = "NO DATA FOR {seconds} s"
    no_data_yet: str = "Traces appear here as soon as a sensor streams"
    lens_title: str = "LIFT {number} ×{zoom}"
    leg_moves: str = "leg moves"
    leg_moves_about: str = "leg moves?"
    first_muscle: str = "first muscle"
    equal_onsets: str = "if equal"
    not_detected: str = "not detected"
    lens_not_judged: str = "not judged"

    # State card
    kicker_sensors: str = "SENSORS"
    name_muscles: str = "Name the muscles"
    kicker_rest: str = "REST LEVEL"
    kicker_next: str = "LIFT {number} OF {wanted}"
    kicker_lift: str = "LIFT {number}"
    kicker_not_scored: str = "LIFT {number} · NOT SCORED"
    kicker_lost: str = "DATA STOPPED"
    kicker_ended: str = "SESSION ENDED"
    kicker_set: str = "{side} LEG · {counted} OF {total} LIFTS COUNTED"
    connecting: str = "Connecting…"
    waiting_for: str = "Waiting for {names}"
    waiting_for_sensors: str = "Waiting for the sensors"
    checking_signals: str = "Sensors connected; checking their signals"
    lie_still: str = "Lie still"
    measuring_rest: str = "Measuring the rest level"
    seconds_left: str = "{text} · {seconds} s left"
    ready: str = "Ready"
    lift_when_ready: str = "Lift the {side} leg about a hand's width"
    lift_when_ready_no_side: str = "Lift the leg about a hand's width"
    lifting: str = "Lifting…"
    hold_then_lower: str = "Hold, then lower slowly"
    result_follows: str = "The result follows"
    provisional_hamstring: str = "provisional: hamstring ahead by about {lag}, {percent} % sure"
    provisional_glute: str = "provisional: glute max ahead by about {lag}, {percent} % sure"
    provisional_open: str = "provisional: no clear order yet"
    check_site: str = "Check {name}"
    check_sensors: str = "Check sensors"
    repeat_lift: str = "Repeat lift"
    what_and_fix: str = "{what}: {fix}"
    link_lost: str = "Link lost"
    link_lost_body: str = "Reconnecting. Everything up to here is kept"
    done: str = "Done"
    ended: str = "Ended"
    ended_body: str = "Nothing was judged"
    error_word: str = "Stopped"

    # Verdicts
    hamstring_first: str = "Hamstring first"
    glute_first: str = "Glute first"
    together: str = "Together"
    not_clear: str = "Not clear yet"
    glute_not_detected: str = "Glute not detected"
    hamstring_not_detected: str = "Hamstring not detected"
    not_judged: str = "Not judged"
    before_glute: str = "before glute max"
    before_hamstring: str = "before hamstring"
    apart: str = "apart"
    hamstring_ahead: str = "hamstring ahead, not certain"
    glute_ahead: str = "glute ahead, not certain"
    glute_silent_body: str = "Glute max stayed at its rest level in this lift; the hamstring switched on"
    hamstring_silent_body: str = "The hamstring stayed at its rest level in this lift; glute max switched on"
    by_examiner: str = "Examiner's lift"
    by_examiner_body: str = "Neither muscle switched on. If the person lifted: check both electrodes"
    null_lag: str = "null lag {null}"
    together_within: str = "together = within {band}"
    caution: str = "caution: {what}"
    set_tail: str = "over the set, {tail}"
    interval: str = "90 % interval {low} to {high}"
    more_lifts: str = "about {count} more lifts would settle it"
    one_more_lift: str = "about one more lift would settle it"

    # Order card and table
    order_title: str = "ORDER OF ONSET · lift {number}"
    order_empty_title: str = "ORDER OF ONSET"
    order_later: str = "Shown after the first lift"
    table_later: str = "Each lift is listed here"
    lens_later: str = "The last lift appears here, enlarged around its onsets"
    order_not_judged: str = "Lift {number} was not judged, so no order is shown"
    column_lift: str = "LIFT"
    column_order: str = "ORDER"
    column_verdict: str = "VERDICT"
    column_delay: str = "GLUTE DELAY"
    column_hip: str = "HIP"
    column_pelvis: str = "PELVIS"
    row_not_scored: str = "Not scored: {what}"
    row_examiners: str = "Examiner's lift: neither muscle switched on"
    row_other: str = "Not scored: {exercise}, another movement"
    pelvis_words: str = "pelvis {words}"
    set_verdict: str = "Set: {verdict}"
    set_counted: str = "{counted} of {total} lifts counted"
    set_lag: str = "set lag {lag}"
    set_pelvis: str = "pelvis {angle}"
    set_active: str = "hip {angle}"
    set_passive: str = "by the examiner {angle}"

    # Bottom bar
    cap_next: str = "Space / pedal"
    key_next: str = "next"
    key_repeat: str = "repeat lift"
    key_mark: str = "mark"
    key_freeze: str = "freeze"
    key_stop: str = "stop (hold)"
    key_sensors: str = "sensors"
    key_answer: str = "set"
    key_help: str = "help"
    emg_rates: str = "EMG {streams}"
    samples_lost: str = "{count} samples lost"
    frames_corrupt: str = "{count} damaged frames"
    view_overflow: str = "view skipped {count} blocks"
    analysis_behind: str = "analysis {seconds} s behind"
    to_network: str = "sent on the network"
    clock_within: str = "clocks ± {ms} ms"
    clock_class: str = "clocks ± {ms} ms (class {letter}, {words})"

    # Help
    help_title: str = "Keys and pedal"
    help_lines: tuple[tuple[str, str], ...] = (
        ("Space  ·  Enter  ·  Page Down  ·  pedal", "next step"),
        ("R  ·  Page Up", "repeat the lift"),
        ("M", "put a mark into the recording"),
        ("F  ·  B  ·  full stop", "freeze the traces; the recording goes on"),
        ("T", "switch the tone on or off"),
        ("1 to 9  ·  click on a row", "show that lift enlarged"),
        ("A", "show what the whole set says"),
        ("+  ·  \u2212", "a replay: faster, slower, 0.1 to 8 times"),
        ("E", "save the window as SVG and PNG, with Shift the lens alone"),
        ("P", "after the test: write a report beside the recording"),
        ("H", "after the test: this person's visits, and what has changed"),
        ("S", "show the sensors: links, clocks, what to know"),
        ("Esc, held for one second", "stop the test"),
        ("F5", "fill the screen, and back"),
        ("?  ·  F1", "open and close this help"),
    )
    help_close: str = "Any key closes this"

    review: ReviewTexts = ReviewTexts()


ENGLISH = Texts()
