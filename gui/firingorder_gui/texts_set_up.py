"""Every word of the set-up page. Names in braces are filled in; a second language is a second record."""

from dataclasses import dataclass, field

from firingorder_session.events.set_up_events import SetUpStep
from firingorder_session.setting_up.electrode_sites import ELECTRODE_SITES, MOTION_SITES, Landmark, Tag, View
from firingorder_signal.electrode_state import ElectrodeCause
from firingorder_signal.identity_evidence import Ask

SITE_NAMES = {
    "gluteus_maximus": "glute max",
    "hamstring_lateral": "hamstring",
    "hamstring_medial": "inner hamstring",
    "erector_spinae": "low back",
    "multifidus": "deep back",
    "gluteus_medius": "glute med",
    "tensor_fasciae_latae": "hip front",
    "rectus_femoris": "thigh front",
    "trunk": "trunk sensor",
    "pelvis": "pelvis sensor",
    "thigh": "thigh sensor",
    "shank": "shank sensor",
    "foot": "foot sensor",
    "unknown": "unnamed channel",
}

STEP_NAMES = {
    SetUpStep.CHOOSE: "TEST AND SIDE",
    SetUpStep.PLACE: "WHERE THEY GO",
    SetUpStep.SIGNAL: "SIGNAL",
    SetUpStep.IDENTITY: "WHO IS WHO",
    SetUpStep.REST: "REST LEVEL",
    SetUpStep.REFERENCE: "REFERENCE",
    SetUpStep.DONE: "",
}

LANDMARKS = {
    Landmark.SACRUM: "sacrum",
    Landmark.GREATER_TROCHANTER: "bony point of the hip",
    Landmark.PSIS: "dimple of the back (PSIS)",
    Landmark.ISCHIAL_TUBEROSITY: "sitting bone",
    Landmark.LATERAL_KNEE: "outside of the knee",
    Landmark.MEDIAL_KNEE: "inside of the knee",
    Landmark.SPINE_L1: "spine at L1",
    Landmark.SPINE_L5: "spine at L5",
    Landmark.LOW_BACK_EDGE: "edge of the back muscle",
    Landmark.INTERSPACE_L1: "spine between L1 and L2",
    Landmark.ILIAC_CREST: "crest of the pelvis",
    Landmark.ASIS: "front point of the pelvis (ASIS)",
    Landmark.LATERAL_FEMUR: "outside of the thigh bone, at the knee",
    Landmark.PATELLA: "upper edge of the kneecap",
}

#: Cause -> (word, fix). `{figure}` is filled in with its unit.
CAUSES = {
    ElectrodeCause.WAITING: ("waiting", "no samples yet"),
    ElectrodeCause.GOOD: ("good", ""),
    ElectrodeCause.FAIR: ("usable", "let the muscle go; re-wet the electrode if it stays"),
    ElectrodeCause.NO_CONTACT: ("no signal", "press the electrode on, check its cable"),
    ElectrodeCause.TOO_STRONG: ("too strong", "lower the sensor's gain; {figure} of samples are clipped"),
    ElectrodeCause.LOST: ("samples lost", "bring the sensor closer; {figure} did not arrive"),
    ElectrodeCause.MAINS: ("mains hum", "unplug the charger, move cables away, re-wet; hum is {figure}"),
    ElectrodeCause.MOVES: ("electrode moves", "tape electrode and cable down"),
    ElectrodeCause.HEART: ("heartbeat", "usable; the heart is heard here"),
    ElectrodeCause.NOISY: ("noisy", "let the muscle go; if it stays: shave, clean, re-wet, press on"),
    ElectrodeCause.LOW: ("rises little", "move off the tendon, to the middle of the muscle; only {figure} above rest"),
}

ASKS = {
    Ask.SQUEEZE: "Squeeze the {side} buttock",
    Ask.BEND_KNEE: "Bend the {side} knee against my hand",
    Ask.STRAIGHTEN_KNEE: "Straighten the {side} knee against my hand",
    Ask.LIFT_LEG: "Lift the {side} leg",
    Ask.SPREAD_LEG: "Move the {side} leg sideways against my hand",
}

REFERENCE_TASKS = {
    "squeeze": "Squeeze the {side} buttock as hard as you can",
    "bent_knee_lift": "Knee bent: lift the {side} thigh against my hand, as hard as you can",
    "bend_knee": "Bend the {side} knee against my hand, as hard as you can",
    "reference_lift": "Lift the {side} leg and hold it",
}

POSITION_NAMES = {"squeeze": "squeeze", "bent_knee_lift": "knee bent", "bend_knee": "knee bend"}


@dataclass(frozen=True)
class SetUpTexts:
    """All texts of the set-up page; the defaults are English."""

    page_name: str = "Setting up"
    kicker: str = "SETTING UP · STEP {number} OF {total} · {name}"
    steps: dict[SetUpStep, str] = field(default_factory=lambda: dict(STEP_NAMES))
    sites: dict[str, str] = field(default_factory=lambda: dict(SITE_NAMES))
    sided: str = "{side} {part}"
    key_next: str = "next"
    key_skip: str = "skip"
    key_back: str = "back"
    key_to_test: str = "on to the test"
    key_again: str = "ask again"
    key_measure: str = "measure again"
    key_exchange: str = "exchange the names here"
    key_arrows: str = "choose"
    cap_arrows: str = "↑ ↓ ← →"

    # Test and side
    choose_side_word: str = "Which leg?"
    choose_body: str = "Up and down choose the test, left and right the leg"
    chosen: str = "{test}, {side} leg"

    # Places
    place_word: str = "Electrodes on"
    place_body: str = "Two electrodes {distance} mm apart, as large as {size} mm at most; the reference {reference}"
    place_waiting: str = "Waiting for the sensors"
    place_line: str = "{percent} % from {start} to {end}"
    place_detail: str = "{orientation} · {tag}"
    skin: str = "Skin: {first}; {second}; {third}"
    skin_steps: tuple[str, str, str] = (
        "shave hair",
        "rub with alcohol, let it dry",
        "press on for ten seconds, tape the cable",
    )
    reference_place: str = "on the ankle or on C7"
    landmarks: dict[Landmark, str] = field(default_factory=lambda: dict(LANDMARKS))
    orientations: dict[str, str] = field(
        default_factory=lambda: {part: site.orientation for part, site in ELECTRODE_SITES.items()}
    )
    offsets: dict[str, str] = field(
        default_factory=lambda: {part: site.offset for part, site in ELECTRODE_SITES.items()}
    )
    motion_places: dict[str, str] = field(
        default_factory=lambda: {part: site.words for part, site in MOTION_SITES.items()}
    )
    arrow: str = "arrow towards the head, face away from the skin"
    tags: dict[Tag, str] = field(
        default_factory=lambda: {
            Tag.READ: "after SENIAM",
            Tag.FROM_MEMORY: "SENIAM, wording from memory",
            Tag.JUDGEMENT: "our judgement",
        }
    )
    views: dict[View, str] = field(
        default_factory=lambda: {View.BACK: "seen from behind", View.FRONT: "seen from the front"}
    )

    # Signal
    signal_good_word: str = "Signals good"
    signal_good_body: str = "Every electrode can be used"
    signal_wait_word: str = "Listening…"
    signal_wait_body: str = "Lie still for a moment"
    signal_fix: str = "{name}: {fix}"
    rest_figure: str = "{level} µV"
    causes: dict[ElectrodeCause, tuple[str, str]] = field(default_factory=lambda: dict(CAUSES))

    # Who is who
    asks: dict[Ask, str] = field(default_factory=lambda: dict(ASKS))
    let_go_word: str = "Let go"
    let_go_body: str = "Lie loose for a moment"
    ask_body: str = "Hold for two seconds, then let go"
    ask_again_body: str = "No answer yet: once more, a little stronger"
    answering_body: str = "Heard. Hold on…"
    decibels: str = "{level} dB"
    degrees: str = "{angle}°"
    marked_word: str = "All as marked"
    marked_body: str = "Each answered where it is marked"
    partly_word: str = "Partly checked"
    partly_body: str = "{answered} of {total} movements answered, where it is marked. R asks again"
    not_asked_word: str = "Not checked"
    not_asked_body: str = "Nothing was asked; names stay as they are marked"
    exchanged_word: str = "Exchanged"
    exchange_body: str = (
        "The sensor marked {one} answered for {other} ({figure}): "
        "exchange the two, or press X to exchange the names here"
    )
    other_leg_body: str = (
        "The sensors marked {one} answered with the {side} leg ({figure}): "
        "put them on the other leg, or press X to change the names here"
    )
    renamed_word: str = "Names exchanged"
    renamed_body: str = "Recorded; every analysis uses the new names. R asks again"
    unclear_word: str = "Not clear"
    unclear_body: str = "Two of them answered alike. R asks once more, one movement at a time"
    silent_word: str = "No answer"
    silent_body: str = (
        "{names} did not answer: press the electrode on or move it to the middle of the muscle, R asks again"
    )

    # Rest
    rest_word: str = "Lie still"
    rest_body: str = "Two quiet seconds, legs loose"
    rest_moving: str = "{name} is not at rest: let the leg lie loose"
    rest_good_word: str = "Rest {level} µV"
    rest_good_body: str = "Quiet enough"
    rest_warn_body: str = "A little loud: over {limit} µV. Let go, or re-wet the electrode"
    rest_refuse_body: str = (
        "Over {limit} µV no order is told: re-wet or clean, press the electrode on, R measures again"
    )
    rest_words: tuple[str, str, str, str] = ("good", "fair", "loud", "too loud")

    # Reference
    reference_word: str = "Reference?"
    reference_body: str = "Optional, for effort in % of one's own. The order needs none"
    reference_maximum: str = "Maximum: 3 × 5 s a muscle, the glute in two positions"
    reference_lift: str = "Reference lift: one leg lift held for 5 s, without strain"
    reference_tasks: dict[str, str] = field(default_factory=lambda: dict(REFERENCE_TASKS))
    trial: str = "Trial {number} of {total}; it begins by itself"
    hold_word: str = "Hold · {seconds}"
    resting_word: str = "Rest · {seconds} s"
    resting_body: str = "Space begins the next one at once"
    reference_done_word: str = "Reference done"
    reference_done_body: str = "The better position of the glute counts"
    reference_lift_body: str = "The median of the hold, of each muscle"
    reference_none_body: str = "Nothing was measured"
    repeats: str = "{level} µV · trials differ by {cv} % ({word})"
    repeats_words: tuple[str, str] = ("repeats well, limit {limit} %", "differ much, limit {limit} %")
    positions: dict[str, str] = field(default_factory=lambda: dict(POSITION_NAMES))
