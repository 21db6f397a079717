"""Every word of the report but those of the methods page; a second language is a second record.

Reasons, motion and clocks are worded by the signal package, whose record of the same language is `words`. No text
judges the person; a test reads them all, and the templates. Names in braces are filled in and stay in every language.
"""

from dataclasses import dataclass, field

from firingorder_signal.blocks import Side
from firingorder_signal.effort import ReferenceSource
from firingorder_signal.results import Verdict
from firingorder_signal.words import MINUS, Numbers, Words
from firingorder_signal.words_en import ENGLISH as ENGLISH_WORDS

from ..intended_use import INTENDED_USE
from ..judging.quantities import Quantity
from .texts_methods import MethodsTexts

SIDES = {Side.LEFT: "Left", Side.RIGHT: "Right", Side.MIDDLE: "Side not stated"}
PARTS = {
    "gluteus_maximus": "Gluteus maximus",
    "hamstring_lateral": "Lateral hamstring",
    "hamstring_medial": "Medial hamstring",
    "erector_spinae": "Erector spinae",
    "multifidus": "Multifidus",
    "gluteus_medius": "Gluteus medius",
    "tensor_fasciae_latae": "Tensor fasciae latae",
    "rectus_femoris": "Rectus femoris",
    "unknown": "Channel without a name",
}
SEGMENTS = {"trunk": "trunk", "pelvis": "pelvis", "thigh": "thigh", "shank": "shank", "foot": "foot"}
VERDICTS = {
    Verdict.HAMSTRING_FIRST: "Hamstring first",
    Verdict.GLUTE_FIRST: "Glute first",
    Verdict.SIMULTANEOUS: "Together",
    Verdict.INCONCLUSIVE: "Not clear yet",
    Verdict.GLUTE_NOT_DETECTED: "Glute not detected",
    Verdict.HAMSTRING_NOT_DETECTED: "Hamstring not detected",
    Verdict.NOT_JUDGED: "Not judged",
}
REFERENCES = {
    ReferenceSource.MAXIMUM: "percent of the own maximum",
    ReferenceSource.REFERENCE_LIFT: "percent of the own reference lift",
    ReferenceSource.STRONGEST: "percent of the strongest moment; no reference was measured",
}
TRENDS = {
    Quantity.LAG: "Lag of the glute, ms",
    Quantity.GLUTE_SHARE: "Glute's share of the effort, %",
    Quantity.RANGE: "Largest hip range, °",
    Quantity.TILT: "Pelvic tilt, °",
    Quantity.HOLD_FATIGUE: "Median frequency in holds, %/s",
    Quantity.FEELS_GLUTE: "Feels the glute, 0 to 10",
    Quantity.PAIN: "Pain, 0 to 10",
}


@dataclass(frozen=True)
class ReportTexts:
    """English."""

    language: str = "en"
    words: Words = ENGLISH_WORDS
    numbers: Numbers = Numbers(minus=MINUS)
    methods: MethodsTexts = field(default_factory=MethodsTexts)
    sides: dict[Side, str] = field(default_factory=lambda: dict(SIDES))
    parts: dict[str, str] = field(default_factory=lambda: dict(PARTS))
    segments: dict[str, str] = field(default_factory=lambda: dict(SEGMENTS))
    verdicts: dict[Verdict, str] = field(default_factory=lambda: dict(VERDICTS))
    references: dict[ReferenceSource, str] = field(default_factory=lambda: dict(REFERENCES))
    trends: dict[Quantity, str] = field(default_factory=lambda: dict(TRENDS))
    intended_use: str = INTENDED_USE

    # Head
    product: str = "FiringOrder"
    kind: str = "Report of one recording"
    day: str = "Recorded"
    person: str = "Person"
    no_person: str = "no code"
    recording: str = "File"
    simulated: str = "Simulated: no person was measured"
    refined: str = "Clocks fitted over the whole recording; live they were known less well"

    # What a side shows
    lag_after: str = "glute {lag} after the hamstring, median of {counted} of {total} lifts"
    lag_before: str = "glute {lag} before the hamstring, median of {counted} of {total} lifts"
    interval: str = "90 % interval {low} to {high}"
    counted: str = "{counted} of {total} lifts counted"
    settle_one: str = "one more lift would probably settle it"
    settle: str = "about {count} more lifts would probably settle it"
    what_and_fix: str = "{what}: {fix}"
    range_word: str = "Largest hip range"
    range_person: str = "lifted by the person"
    range_examiner: str = "lifted by the examiner; neither muscle switched on"
    range_note: str = "This test gives the range alone; no order is judged"
    glute: str = "Glute"
    pelvis: str = "Pelvis"
    hip: str = "Hip"
    glute_in_all: str = "switched on in all {total} lifts counted"
    glute_in_some: str = "switched on in {found} of {total} lifts counted"
    glute_in_none: str = "stayed at its rest level in all {total} lifts counted"
    pelvis_unknown: str = "not measured"
    nothing: str = "Nothing was judged"
    nothing_body: str = "No hamstring and no gluteus maximus were named among the channels of this recording."
    channels_found: str = "EMG channels found: {names}."

    # Strip, sides, published figures
    strip_title: str = "Lag of the glute behind the hamstring"
    strip_axis: str = "ms, positive = hamstring first"
    strip_key: str = "ring: one lift, line: its 90 % interval; bar: median of the set with its 90 % interval"
    strip_key_many: str = "ring: one lift; bar: median of the set with its 90 % interval"
    together: str = "together"
    strip_words: str = "{side}: lags of {count} lifts, median {lag}, 90 % interval {low} to {high}."
    sides_told: str = "Left {left}, right {right}: {difference} apart, more than the {detectable} that chance shows."
    sides_told_own: str = (
        "Left {left}, right {right}: {difference} apart, more than the {detectable} "
        "by which this person's visits differ."
    )
    sides_alike_own: str = (
        "Left {left}, right {right}: {difference} apart, within the {detectable} by which this person's visits differ."
    )
    sides_alike: str = "Left {left}, right {right}: {difference} apart, within the {detectable} that chance shows."
    published: str = "Published means of healthy groups in this test: {groups}. Hamstring first is the usual finding."
    published_group: str = "{lag} ({citation})"
    published_first: str = "{lag} after the first active muscle ({citation})"

    # Lifts
    lifts_title: str = "Lifts"
    column_lift: str = "Lift"
    column_order: str = "Order"
    column_lag: str = "Lag, ms"
    column_interval: str = "90 % interval"
    column_null: str = "Null lag"
    column_hip: str = "Hip"
    column_tilt: str = "Tilt"
    not_counted: str = "not counted: {what}"
    by_hand: str = "{by}: onset put by hand"
    examiners: str = "lifted by the examiner"
    more_lifts: str = "and {count} more: all are in the output of firingorder analyze --json"
    more_rows: str = "and {count} more: all are in methods.json"
    null_note: str = "Null lag: what equal onsets would have shown, by the shape of these two signals alone"
    median_title: str = "Lift {number}, nearest to the median"
    other_title: str = "Lift {number}"
    leg_moves: str = "leg moves"
    first_muscle: str = "first onset"
    hip_angle: str = "Hip angle"
    scale: str = "± {level} µV"
    picture_words: str = "{title}: EMG of {muscles} around the start of movement. {onsets}"
    picture_onset: str = "{muscle} at {time}."

    # Holds
    holds_word: str = "{done} of {wanted} holds"
    holds_mean: str = "glute, median of the holds"
    holds_unknown: str = "no percentage: no reference"
    holds_table: str = "Holds"
    holds_title: str = "Effort in each hold"
    holds_key: str = "left bar: glute; right bar: hamstring, in percent of the own reference"
    holds_axis: str = "target {low} to {high} %"
    holds_words: str = "{side}: glute at {glute} % and hamstring at {hamstring} % in hold {number}."
    share: str = "Share"
    share_words: str = "glute {glute} : {hamstring} hamstring, median of the holds"
    taking_over: str = "the hamstring's share grew by {grown} points in hold {number}"
    column_hold: str = "Hold"
    column_seconds: str = "Held"
    column_glute: str = "Glute"
    column_in_band: str = "In target"
    column_hamstring: str = "Hamstring"
    column_frequency: str = "Median frequency"
    column_amplitude: str = "Amplitude"
    cut_short: str = "cut short"
    slope: str = "{slope} ± {half} %/s"

    # Trend
    trend_title: str = "Over the visits, with the change since the last"
    change_told: str = "{side}: {change}, more than the {detectable} that chance shows"
    change_untold: str = "{side}: {change}, within the {detectable} that chance shows"
    change_unknown: str = "{side}: {change}"

    # Quality
    quality_title: str = "Signals"
    column_electrode: str = "Electrode"
    column_rest: str = "At rest"
    column_snr: str = "Above rest"
    column_lost: str = "Lost"
    column_noted: str = "Noted"
    nothing_noted: str = "nothing"
    not_measured: str = "–"
    times: str = "{what} ({count} lifts)"

    # Foot
    page_of: str = "{page} of {pages}"
    made_by: str = "FiringOrder {version}, settings {settings}, recording {id}"
