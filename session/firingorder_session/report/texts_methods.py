"""Every word of the methods page. Names in braces are filled in; a second language is a second record."""

from dataclasses import dataclass, field

LANDMARKS = {
    "sacrum": "sacral vertebrae",
    "greater_trochanter": "greater trochanter",
    "psis": "PSIS",
    "ischial_tuberosity": "ischial tuberosity",
    "lateral_knee": "lateral epicondyle of the tibia",
    "medial_knee": "medial epicondyle of the tibia",
    "spine_l1": "spinous process L1",
    "spine_l5": "spinous process L5",
    "low_back_edge": "lateral edge of erector spinae",
    "interspace_l1": "L1-L2 interspace",
    "iliac_crest": "iliac crest",
    "asis": "ASIS",
    "lateral_femur": "lateral femoral condyle",
    "patella": "superior patella",
}
#: How a pair lies, and how a place's wording came here, as `electrode_sites.py` says it.
ORIENTATIONS = {
    "along the line": "along the line",
    "towards the middle of the back of the thigh": "towards the middle of the back of the thigh",
    "up and down": "vertical",
}
TAGS = {
    "read in the source": "as read",
    "wording from memory": "wording from memory",
    "judgement of this project": "judgement of this project",
}
#: As a test's file may say; another word of its own is shown as it is.
POSTURES = {
    "prone": "prone",
    "supine": "supine",
    "supine_bench": "supine, shoulders on a bench",
    "any": "any",
    "": "not stated",
}
KNEES = {"straight": "straight", "bent": "bent", "free": "free", "": "not stated"}
MUSCLE_CUES = {"glute": "glute", "": "none"}
REFERENCE_KINDS = {"maximum": "maximum", "reference_lift": "reference lift"}
#: Last part of a path in `methods.json` -> what a reader calls it.
UNRECORDED = {
    "electrode_material": "electrode material",
    "electrode_shape_and_size_mm": "electrode shape and size",
    "inter_electrode_distance_mm": "inter-electrode distance",
    "conductive_gel": "gel or paste",
    "skin_preparation": "skin preparation",
    "reference_electrode": "place of the reference electrode",
    "detection_mode": "detection mode",
    "input_impedance_ohm": "input impedance",
    "common_mode_rejection_db": "common-mode rejection",
    "gain": "gain",
    "analogue_filters": "analogue filters",
    "subject": "code of the person",
    "created": "date",
    "recorded_with": "recording software",
    "site": "electrode site",
    "percent": "percentage along the line",
    "side": "side",
    "channel": "channel's name",
    "product": "sensor's kind",
    "firmware": "sensor's firmware",
    "link_security": "encryption of the link",
    "range_uv": "converter's range",
    "resolution_uv": "resolution",
    "resolution_bits": "resolution in bits",
    "class": "class of the clocks",
    "uncertainty_s": "uncertainty of the clocks",
}


@dataclass(frozen=True)
class MethodsTexts:
    """English."""

    landmarks: dict[str, str] = field(default_factory=lambda: dict(LANDMARKS))
    orientations: dict[str, str] = field(default_factory=lambda: dict(ORIENTATIONS))
    tags: dict[str, str] = field(default_factory=lambda: dict(TAGS))
    postures: dict[str, str] = field(default_factory=lambda: dict(POSTURES))
    knees: dict[str, str] = field(default_factory=lambda: dict(KNEES))
    muscle_cues: dict[str, str] = field(default_factory=lambda: dict(MUSCLE_CUES))
    reference_kinds: dict[str, str] = field(default_factory=lambda: dict(REFERENCE_KINDS))
    unrecorded: dict[str, str] = field(default_factory=lambda: dict(UNRECORDED))

    title: str = "Methods"
    lead: str = (
        "Written from the recording and from the constants that judged it. Standards: ISEK (Merletti 1999), CEDE "
        "matrices on electrodes (Besomi 2019) and normalisation (Besomi 2020). As data: firingorder analyze --methods"
    )
    not_recorded: str = "not recorded"
    none: str = "none"

    test: str = "Test"
    task: str = "Task"
    test_value: str = "{title}. Posture {posture}, knee {knee}. Asked for: {wanted} {what} a side"
    lifts: str = "lifts"
    holds: str = "holds of {work} s"
    cue: str = "Cue"
    cue_value: str = "“{cue}”; muscle named: {muscle}"
    rest: str = "Rests"
    rest_value: str = "{before} s before the first, at least {between} s between two"
    fore_period: str = "; tone after {low} to {high} s, drawn by lot"

    electrodes: str = "Electrodes and amplifiers"
    column_muscle: str = "Muscle"
    column_place: str = "Place asked for, along the line"
    column_sensor: str = "Sensor"
    column_rate: str = "Rate"
    column_resolution: str = "Resolution"
    place: str = "{percent} % {start} – {end}, {orientation}"
    place_by_offset: str = "by fingers' widths, {start} – {end}, {orientation}"
    source: str = "{source} ({tag})"
    no_place: str = "not named"
    resolution: str = "{step} µV"
    bits: str = "{step} µV, {bits} bit over ± {range} mV"
    sensor: str = "{uid}, {product}"
    place_note: str = (
        "Bipolar placement asked for by the set-up: {distance} mm from centre to centre, electrodes at most {size} mm "
        "along the fibres; sources: {sources}. What was done on the skin is not recorded"
    )
    placement: str = "Placement"
    motion_sensors: str = "Motion sensors"
    motion_sensor: str = "{segment} {side}, {rate} Hz ({sensor})"

    signal: str = "Processing"
    filters: str = "Filter"
    filter_value: str = (
        "band-pass {low}–{high} Hz at {rate} Hz: Butterworth, high-pass of order {high_order} and low-pass of order "
        "{low_order}, causal; its group delay of {delay} ms is taken out of every time"
    )
    filter_rest: str = (
        "No notch, no removal of heartbeats, no smoothing before an onset is sought; "
        "lost samples are never interpolated"
    )
    onset: str = "Onset"
    onset_value: str = (
        "{method}: likelihood of every onset under {count} shapes of rise, from {before} ms before to {after} ms "
        "after a rough onset; median and 90 % interval of the posterior (docs/onset.md)"
    )
    reference_onset: str = (
        "Beside it {method}: low-pass {low_pass} Hz, mean + {sd} SD of rest for {hold} ms (Hodges & Bui 1996)"
    )
    movement: str = "Movement"
    movement_value: str = (
        "start and range by motion sensors: VQF (Laidig & Seel 2023), accelerometer time constant {tau} s, {grid} Hz; "
        "onsets sought {before} ms before to {after} ms after it"
    )
    movement_none: str = "no motion sensors: a lift is a pair of bursts"
    clocks: str = "Clocks"
    clocks_value: str = "{side}: class {letter}, {words}, uncertainty {uncertainty} ms"
    clocks_one: str = "{side}: class {letter}, {words}"
    clocks_unknown: str = "{side}: not recorded"
    delay: str = "Delay of the sensors {delays} ms, taken out"
    normalisation: str = "Normalisation"
    normalisation_order: str = "none for the order of onsets, which amplitude does not enter (CEDE: not normalised)"
    normalisation_value: str = "{muscle}: {kind}, RMS over {window} ms, {level} µV, {trials} trials"
    normalisation_strongest: str = "effort in percent of the strongest moment so far; no reference was recorded"
    judgement: str = "Judgement"
    rules: str = "Rules"
    judgement_lift: str = (
        "a lift: signal {snr} dB above rest (caution below {snr_full}), rest at most {rest} µV, gaps at most {gap} ms, "
        "clocks within {sync} ms, rate at least {rate} Hz; the sign {decided} % sure and the lag beyond ± {band} ms"
    )
    judgement_set: str = (
        "A set: median lag and its 90 % interval over at least {fewest} lifts; “together” where the interval lies "
        "within ± {equivalence} ms"
    )
    any_rest: str = "any"
    counts: str = "Counted"
    counts_value: str = "{exercise} of {low} to {high}°, peak {slow} to {fast} °/s"
    counts_still: str = "still for {still} s before"
    by_hand: str = "By hand"
    by_hand_value: str = "onsets moved: {count} ({by}), claimed precision ± {within} ms; the found ones are kept"
    software: str = "Software"
    software_value: str = "FiringOrder {version}; settings {settings}; recorded with {recorded_with}; {format}"
    unrecorded_title: str = "Not recorded"
    notes: str = "Notes"
