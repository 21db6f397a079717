"""German of the set-up page: places, skin, signals, who is who, rest, reference."""

from firingorder_session.events.set_up_events import SetUpStep
from firingorder_session.setting_up.electrode_sites import Landmark, Tag, View
from firingorder_signal.electrode_state import ElectrodeCause
from firingorder_signal.identity_evidence import Ask

from .texts_set_up import SetUpTexts

SITE_NAMES = {
    "gluteus_maximus": "Gesäßmuskel",
    "hamstring_lateral": "Beinbeuger",
    "hamstring_medial": "Beinbeuger innen",
    "erector_spinae": "Rückenstrecker",
    "multifidus": "Tiefer Rücken",
    "gluteus_medius": "Mittlerer Gesäßmuskel",
    "tensor_fasciae_latae": "Hüfte vorn",
    "rectus_femoris": "Oberschenkel vorn",
    "trunk": "Rumpfsensor",
    "pelvis": "Beckensensor",
    "thigh": "Oberschenkelsensor",
    "shank": "Unterschenkelsensor",
    "foot": "Fußsensor",
    "unknown": "Unbenannter Kanal",
}

STEP_NAMES = {
    SetUpStep.CHOOSE: "TEST UND SEITE",
    SetUpStep.PLACE: "WOHIN SIE GEHÖREN",
    SetUpStep.SIGNAL: "SIGNALE",
    SetUpStep.IDENTITY: "WER IST WER",
    SetUpStep.REST: "RUHEPEGEL",
    SetUpStep.REFERENCE: "BEZUGSWERT",
    SetUpStep.DONE: "",
}

LANDMARKS = {
    Landmark.SACRUM: "Kreuzbein",
    Landmark.GREATER_TROCHANTER: "großer Rollhügel",
    Landmark.PSIS: "Rückengrübchen (SIPS)",
    Landmark.ISCHIAL_TUBEROSITY: "Sitzbein",
    Landmark.LATERAL_KNEE: "Außenseite des Knies",
    Landmark.MEDIAL_KNEE: "Innenseite des Knies",
    Landmark.SPINE_L1: "Dornfortsatz L1",
    Landmark.SPINE_L5: "Dornfortsatz L5",
    Landmark.LOW_BACK_EDGE: "Rand des Rückenstreckers",
    Landmark.INTERSPACE_L1: "Dornfortsätze L1/L2",
    Landmark.ILIAC_CREST: "Beckenkamm",
    Landmark.ASIS: "vorderer Beckenstachel (SIAS)",
    Landmark.LATERAL_FEMUR: "Außenseite des Oberschenkelknochens am Knie",
    Landmark.PATELLA: "Oberrand der Kniescheibe",
}

CAUSES = {
    ElectrodeCause.WAITING: ("wartet", "noch keine Werte"),
    ElectrodeCause.GOOD: ("gut", ""),
    ElectrodeCause.FAIR: ("brauchbar", "den Muskel loslassen; bleibt es so, die Elektrode anfeuchten"),
    ElectrodeCause.NO_CONTACT: ("kein Signal", "Elektrode andrücken, Kabel prüfen"),
    ElectrodeCause.TOO_STRONG: (
        "zu stark",
        "Verstärkung des Sensors verringern; {figure} der Werte sind abgeschnitten",
    ),
    ElectrodeCause.LOST: ("Werte fehlen", "den Sensor näher bringen; {figure} kamen nicht an"),
    ElectrodeCause.MAINS: ("Netzbrummen", "Ladegerät ausstecken, Kabel wegräumen, anfeuchten; Brummen {figure}"),
    ElectrodeCause.MOVES: ("Elektrode lose", "Elektrode und Kabel festkleben"),
    ElectrodeCause.HEART: ("Herzschlag", "brauchbar; das Herz ist hier zu hören"),
    ElectrodeCause.NOISY: ("unruhig", "den Muskel loslassen; sonst rasieren, reinigen, anfeuchten, andrücken"),
    ElectrodeCause.LOW: ("steigt wenig", "von der Sehne auf die Mitte des Muskels setzen; nur {figure} über Ruhe"),
}

ALONG = "entlang der Linie"

SET_UP = SetUpTexts(
    page_name="Vorbereitung",
    kicker="VORBEREITUNG · SCHRITT {number} VON {total} · {name}",
    steps=STEP_NAMES,
    sites=SITE_NAMES,
    sided="{part} {side}",
    key_next="weiter",
    key_skip="auslassen",
    key_back="zurück",
    key_to_test="weiter zum Test",
    key_again="noch einmal fragen",
    key_measure="noch einmal messen",
    key_exchange="Namen hier tauschen",
    key_arrows="wählen",
    cap_arrows="↑ ↓ ← →",
    choose_side_word="Welches Bein?",
    choose_body="Pfeile auf und ab wählen den Test, links und rechts das Bein",
    chosen="{test}, Bein {side}",
    place_word="Elektroden kleben",
    place_body="Zwei Elektroden im Abstand von {distance} mm, höchstens {size} mm groß; die Referenz {reference}",
    place_waiting="Warten auf die Sensoren",
    place_line="{percent} % der Strecke {start} – {end}",
    place_detail="{orientation} · {tag}",
    skin="Haut: {first}; {second}; {third}",
    skin_steps=(
        "Haare rasieren",
        "mit Alkohol abreiben, trocknen lassen",
        "zehn Sekunden andrücken, Kabel festkleben",
    ),
    reference_place="am Knöchel oder auf C7",
    landmarks=LANDMARKS,
    orientations={
        "gluteus_maximus": "zur Mitte der Oberschenkelrückseite hin",
        "hamstring_lateral": ALONG,
        "hamstring_medial": ALONG,
        "erector_spinae": "senkrecht",
        "multifidus": ALONG,
        "gluteus_medius": ALONG,
        "tensor_fasciae_latae": ALONG,
        "rectus_femoris": ALONG,
    },
    offsets={
        "gluteus_maximus": "die vollste Stelle des Gesäßes, deutlich über dem Rollhügel",
        "hamstring_lateral": "",
        "hamstring_medial": "",
        "erector_spinae": "zwei Fingerbreit neben der Wirbelsäule auf Höhe L1",
        "multifidus": "auf Höhe L5, zwei bis drei Zentimeter neben der Wirbelsäule",
        "gluteus_medius": "",
        "tensor_fasciae_latae": "",
        "rectus_femoris": "",
    },
    motion_places={
        "pelvis": "flach auf dem Kreuzbein, in der Mitte",
        "thigh": "hinten am Oberschenkel, eine Handbreit über dem Knie",
    },
    arrow="Pfeil zum Kopf, Vorderseite von der Haut weg",
    tags={
        Tag.READ: "nach SENIAM",
        Tag.FROM_MEMORY: "SENIAM, Wortlaut aus dem Gedächtnis",
        Tag.JUDGEMENT: "eigene Festlegung",
    },
    views={View.BACK: "von hinten", View.FRONT: "von vorn"},
    signal_good_word="Signale gut",
    signal_good_body="Jede Elektrode ist brauchbar",
    signal_wait_word="Hören…",
    signal_wait_body="Einen Moment still liegen",
    signal_fix="{name}: {fix}",
    rest_figure="{level} µV",
    causes=CAUSES,
    asks={
        Ask.SQUEEZE: "Gesäß {side} anspannen",
        Ask.BEND_KNEE: "Knie {side} gegen meine Hand beugen",
        Ask.STRAIGHTEN_KNEE: "Knie {side} gegen meine Hand strecken",
        Ask.LIFT_LEG: "Bein {side} anheben",
        Ask.SPREAD_LEG: "Bein {side} gegen meine Hand abspreizen",
    },
    let_go_word="Loslassen",
    let_go_body="Einen Moment locker liegen",
    ask_body="Zwei Sekunden halten, dann loslassen",
    ask_again_body="Noch keine Antwort: noch einmal, etwas kräftiger",
    answering_body="Gehört. Weiter halten…",
    decibels="{level} dB",
    degrees="{angle}°",
    marked_word="Alles wie benannt",
    marked_body="Jeder antwortete dort, wo er benannt ist",
    partly_word="Zum Teil geprüft",
    partly_body="{answered} von {total} Bewegungen beantwortet, dort, wo es benannt ist. R fragt noch einmal",
    not_asked_word="Nicht geprüft",
    not_asked_body="Es wurde nichts gefragt; die Namen bleiben, wie sie sind",
    exchanged_word="Vertauscht",
    exchange_body=(
        "Der Sensor „{one}“ antwortete für „{other}“ ({figure}): die beiden tauschen, "
        "oder mit X die Namen hier tauschen"
    ),
    other_leg_body=(
        "Die Sensoren „{one}“ antworteten mit dem Bein {side} ({figure}): an das andere Bein setzen, "
        "oder mit X die Namen hier ändern"
    ),
    renamed_word="Namen getauscht",
    renamed_body="Aufgezeichnet; jede Auswertung nimmt die neuen Namen. R fragt noch einmal",
    unclear_word="Nicht eindeutig",
    unclear_body="Zwei antworteten gleich. R fragt noch einmal, eine Bewegung nach der anderen",
    silent_word="Keine Antwort",
    silent_body=(
        "{names}: keine Antwort. Elektrode andrücken oder auf die Mitte des Muskels setzen, R fragt noch einmal"
    ),
    rest_word="Still liegen",
    rest_body="Zwei ruhige Sekunden, Beine locker",
    rest_moving="{name} ist nicht in Ruhe: das Bein locker liegen lassen",
    rest_good_word="Ruhe {level} µV",
    rest_good_body="Ruhig genug",
    rest_warn_body="Etwas laut: über {limit} µV. Loslassen oder die Elektrode anfeuchten",
    rest_refuse_body=(
        "Über {limit} µV wird keine Reihenfolge genannt: anfeuchten oder reinigen, Elektrode andrücken, R misst noch "
        "einmal"
    ),
    rest_words=("gut", "mäßig", "laut", "zu laut"),
    reference_word="Bezugswert?",
    reference_body="Freiwillig, für Anstrengung in % des eigenen Werts. Die Reihenfolge braucht keinen",
    reference_maximum="Maximum: 3 × 5 s je Muskel, das Gesäß in zwei Stellungen",
    reference_lift="Vergleichsheben: ein Bein 5 s halten, ohne Anstrengung",
    reference_tasks={
        "squeeze": "Gesäß {side} so fest wie möglich anspannen",
        "bent_knee_lift": "Knie gebeugt: Oberschenkel {side} so fest wie möglich gegen meine Hand heben",
        "bend_knee": "Knie {side} so fest wie möglich gegen meine Hand beugen",
        "reference_lift": "Bein {side} anheben und halten",
    },
    trial="Versuch {number} von {total}; er beginnt von selbst",
    hold_word="Halten · {seconds}",
    resting_word="Pause · {seconds} s",
    resting_body="Leertaste beginnt den nächsten sofort",
    reference_done_word="Bezugswert da",
    reference_done_body="Die bessere Stellung des Gesäßes zählt",
    reference_lift_body="Der Median des Haltens, von jedem Muskel",
    reference_none_body="Nichts wurde gemessen",
    repeats="{level} µV · Versuche weichen um {cv} % ab ({word})",
    repeats_words=("gut wiederholbar, Grenze {limit} %", "weichen stark ab, Grenze {limit} %"),
    positions={"squeeze": "Anspannen", "bent_knee_lift": "Knie gebeugt", "bend_knee": "Kniebeugung"},
)
