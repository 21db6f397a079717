"""German of the methods page."""

from .texts_methods import MethodsTexts

METHODS = MethodsTexts(
    landmarks={
        "sacrum": "Kreuzbeinwirbel",
        "greater_trochanter": "Trochanter major",
        "psis": "SIPS",
        "ischial_tuberosity": "Tuber ischiadicum",
        "lateral_knee": "lateraler Epikondylus der Tibia",
        "medial_knee": "medialer Epikondylus der Tibia",
        "spine_l1": "Dornfortsatz L1",
        "spine_l5": "Dornfortsatz L5",
        "low_back_edge": "lateraler Rand des Rückenstreckers",
        "interspace_l1": "Zwischenraum L1/L2",
        "iliac_crest": "Beckenkamm",
        "asis": "SIAS",
        "lateral_femur": "lateraler Femurkondylus",
        "patella": "Oberrand der Patella",
    },
    orientations={
        "along the line": "entlang der Linie",
        "towards the middle of the back of the thigh": "zur Mitte der Oberschenkelrückseite hin",
        "up and down": "senkrecht",
    },
    tags={
        "read in the source": "wie gelesen",
        "wording from memory": "Wortlaut aus dem Gedächtnis",
        "judgement of this project": "Urteil dieses Projekts",
    },
    postures={
        "prone": "Bauchlage",
        "supine": "Rückenlage",
        "supine_bench": "Rückenlage, Schultern auf einer Bank",
        "any": "beliebig",
        "": "nicht angegeben",
    },
    knees={"straight": "gestreckt", "bent": "gebeugt", "free": "frei", "": "nicht angegeben"},
    muscle_cues={"glute": "Gesäß", "": "keiner"},
    reference_kinds={"maximum": "Maximum", "reference_lift": "Referenzwiederholung"},
    unrecorded={
        "electrode_material": "Material der Elektroden",
        "electrode_shape_and_size_mm": "Form und Größe der Elektroden",
        "inter_electrode_distance_mm": "Abstand der Elektroden",
        "conductive_gel": "Gel oder Paste",
        "skin_preparation": "Vorbereitung der Haut",
        "reference_electrode": "Ort der Referenzelektrode",
        "detection_mode": "Ableitungsart",
        "input_impedance_ohm": "Eingangsimpedanz",
        "common_mode_rejection_db": "Gleichtaktunterdrückung",
        "gain": "Verstärkung",
        "analogue_filters": "analoge Filter",
        "subject": "Code der Person",
        "created": "Datum",
        "recorded_with": "Aufnahmesoftware",
        "site": "Ort der Elektroden",
        "percent": "Prozent entlang der Linie",
        "side": "Seite",
        "channel": "Name des Kanals",
        "product": "Art des Sensors",
        "firmware": "Firmware des Sensors",
        "link_security": "Verschlüsselung der Verbindung",
        "range_uv": "Bereich des Wandlers",
        "resolution_uv": "Auflösung",
        "resolution_bits": "Auflösung in Bit",
        "class": "Klasse der Uhren",
        "uncertainty_s": "Unsicherheit der Uhren",
    },
    title="Methoden",
    lead=(
        "Geschrieben aus der Aufnahme und aus den Konstanten, nach denen bewertet wurde. Standards: ISEK (Merletti "
        "1999), CEDE-Matrizen zu Elektroden (Besomi 2019) und Normierung (Besomi 2020). Als Daten: firingorder "
        "analyze --methods"
    ),
    not_recorded="nicht aufgezeichnet",
    none="keine",
    task="Aufgabe",
    test_value="{title}. Haltung: {posture}, Knie {knee}. Verlangt: {wanted} {what} je Seite",
    lifts="Wiederholungen",
    holds="Haltephasen von {work} s",
    cue="Ansage",
    cue_value="„{cue}“; genannter Muskel: {muscle}",
    rest="Pausen",
    rest_value="{before} s vor der ersten, mindestens {between} s zwischen zweien",
    fore_period="; Ton nach {low} bis {high} s, ausgelost",
    electrodes="Elektroden und Verstärker",
    column_muscle="Muskel",
    column_place="Verlangter Ort, entlang der Linie",
    column_resolution="Auflösung",
    place_by_offset="nach Fingerbreiten, {start} – {end}, {orientation}",
    no_place="nicht benannt",
    bits="{step} µV, {bits} Bit über ± {range} mV",
    place_note=(
        "Bipolar, wie die Vorbereitung es verlangt: {distance} mm von Mitte zu Mitte, Elektroden höchstens {size} mm "
        "entlang der Fasern; Quellen: {sources}. Was auf der Haut geschah, ist nicht aufgezeichnet"
    ),
    placement="Platzierung",
    motion_sensors="Bewegungssensoren",
    signal="Verarbeitung",
    filter_value=(
        "Bandpass {low}–{high} Hz bei {rate} Hz: Butterworth, Hochpass der Ordnung {high_order} und Tiefpass der "
        "Ordnung {low_order}, kausal; seine Gruppenlaufzeit von {delay} ms ist aus jeder Zeit herausgerechnet"
    ),
    filter_rest=(
        "Kein Sperrfilter, keine Entfernung von Herzschlägen, keine Glättung vor der Suche nach dem Einsatz; verlorene "
        "Werte werden nie interpoliert"
    ),
    onset="Einsatz",
    onset_value=(
        "{method}: Likelihood jedes Einsatzes unter {count} Formen des Anstiegs, von {before} ms vor bis {after} ms "
        "nach einem groben Einsatz; Median und 90-%-Intervall der A-posteriori-Verteilung (docs/onset.md)"
    ),
    reference_onset=(
        "Daneben {method}: Tiefpass {low_pass} Hz, Mittel + {sd} SD der Ruhe über {hold} ms (Hodges & Bui 1996)"
    ),
    movement="Bewegung",
    movement_value=(
        "Beginn und Umfang aus den Bewegungssensoren: VQF (Laidig & Seel 2023), Zeitkonstante des "
        "Beschleunigungsmessers {tau} s, {grid} Hz; Einsätze gesucht von {before} ms davor bis {after} ms danach"
    ),
    movement_none="keine Bewegungssensoren: eine Wiederholung ist ein Paar von Aktivierungen",
    clocks="Uhren",
    clocks_value="{side}: Klasse {letter}, {words}, Unsicherheit {uncertainty} ms",
    clocks_one="{side}: Klasse {letter}, {words}",
    clocks_unknown="{side}: nicht aufgezeichnet",
    delay="Verzögerung der Sensoren {delays} ms, herausgerechnet",
    normalisation="Normierung",
    normalisation_order=(
        "keine für die Reihenfolge der Einsätze, in die die Amplitude nicht eingeht (CEDE: nicht normiert)"
    ),
    normalisation_value="{muscle}: {kind}, RMS über {window} ms, {level} µV, {trials} Versuche",
    normalisation_strongest=(
        "Anstrengung in Prozent des bisher stärksten Augenblicks; keine Referenz wurde aufgezeichnet"
    ),
    judgement="Bewertung",
    rules="Regeln",
    judgement_lift=(
        "eine Wiederholung: Signal {snr} dB über Ruhe (Vorsicht unter {snr_full}), Ruhe höchstens {rest} µV, Lücken "
        "höchstens {gap} ms, Uhren auf {sync} ms, Rate mindestens {rate} Hz; das Vorzeichen zu {decided} % sicher "
        "und der Verzug jenseits von ± {band} ms"
    ),
    judgement_set=(
        "Eine Serie: Median des Verzugs und sein 90-%-Intervall über mindestens {fewest} Wiederholungen; "
        "„gleichzeitig“, wo das Intervall innerhalb von ± {equivalence} ms liegt"
    ),
    any_rest="beliebig viele",
    counts="Gewertet",
    counts_value="{exercise} von {low} bis {high}°, Spitze {slow} bis {fast} °/s",
    counts_still="vorher {still} s still",
    by_hand="Von Hand",
    by_hand_value="verschobene Einsätze: {count} ({by}), angegebene Genauigkeit ± {within} ms; die gefundenen bleiben",
    software_value="FiringOrder {version}; Einstellungen {settings}; aufgenommen mit {recorded_with}; {format}",
    unrecorded_title="Nicht aufgezeichnet",
    notes="Hinweise",
)
