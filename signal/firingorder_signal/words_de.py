"""German words of results, as a physiotherapist says them: what is the matter, what to do, how hip and pelvis moved.

A site stands apart from the sentence (`Beinbeuger (außen): ...`), so that no article has to fit it.
"""

from .blocks import SyncClass
from .exercise import Exercise
from .reasons import UNIT_FORMATS
from .results import ReasonCode
from .words import MINUS, MotionWords, Numbers, ReasonWords, SyncWords, Words

NUMBERS = Numbers(decimal=",", minus=MINUS)

PARTS = {
    "gluteus_maximus": "Gesäßmuskel",
    "hamstring_lateral": "Beinbeuger (außen)",
    "hamstring_medial": "Beinbeuger (innen)",
    "erector_spinae": "Rückenstrecker",
    "multifidus": "Tiefer Rückenstrecker",
    "gluteus_medius": "Mittlerer Gesäßmuskel",
    "tensor_fasciae_latae": "Hüfte vorn (TFL)",
    "rectus_femoris": "Oberschenkel vorn",
    "unknown": "Unbenannter Kanal",
}

REASONS: dict[ReasonCode, tuple[str, str]] = {
    ReasonCode.LOW_SNR: (
        "{site}: Signal nur {figure} über Ruhe (nötig: {limit})",
        "Elektrode andrücken, anfeuchten oder auf die Mitte des Muskels setzen, dann wiederholen",
    ),
    ReasonCode.CLIPPING: (
        "{site}: Signal zu groß für den Sensor ({figure} der Werte abgeschnitten, Grenze {limit})",
        "Verstärkung des Sensors verringern, dann wiederholen",
    ),
    ReasonCode.ELECTRODE_OFF: ("{site}: Elektrode ohne Signal", "Elektrode andrücken, dann wiederholen"),
    ReasonCode.RESTLESS_BASELINE: (
        "{site}: vor dem Anheben nicht in Ruhe ({figure} des eigenen Ruhepegels, Grenze {limit})",
        "das Bein zwei Sekunden locker liegen lassen, dann anheben",
    ),
    ReasonCode.NO_BASELINE: (
        "{site}: vor dem Anheben nur {figure} in Ruhe (nötig: {limit})",
        "vor jedem Anheben zwei Sekunden still liegen",
    ),
    ReasonCode.LOUD_REST: (
        "{site}: schon in Ruhe {figure} (Grenze {limit})",
        "das Bein locker liegen lassen; liegt es locker, die Elektrode anfeuchten und andrücken, dann wiederholen",
    ),
    ReasonCode.SAMPLES_LOST: (
        "um den Einsatz herum fehlen {figure} der Werte (Grenze {limit})",
        "den Sensor näher an den Empfänger bringen, dann wiederholen",
    ),
    ReasonCode.CLOCKS_NOT_ALIGNED: (
        "die Uhren der Sensoren stimmen nur auf {figure} überein (Grenze {limit})",
        "warten, bis sich die Uhren eingestellt haben; ungleiche Sensoren brauchen einmal `firingorder align`, "
        "dann wiederholen",
    ),
    ReasonCode.TAP_RATE: (
        "die Bewegung wird mit {figure} zu langsam gemessen, um ein Klopfen zu sehen (nötig: {limit})",
        "die Bewegungssensoren auf mindestens 200 Hz stellen",
    ),
    ReasonCode.NO_TAPS: (
        "kein Klopfen gespürt: höchstens {figure} (nötig: {limit})",
        "die Sensoren zusammen in einer Hand halten und fünfmal im Sekundenabstand darauf klopfen, davor und danach "
        "stillhalten",
    ),
    ReasonCode.TOO_FEW_TAPS: (
        "nur {figure} Klopfer waren auf beiden Sensoren gleich (nötig: {limit})",
        "die Sensoren fest zusammenhalten und fünfmal klopfen oder vier Sekunden lang schütteln",
    ),
    ReasonCode.TAPS_DISAGREE: (
        "die Klopfer liegen {figure} auseinander (Grenze {limit})",
        "die Sensoren fest zusammenhalten, warten, bis sich die Uhren eingestellt haben, dann wiederholen",
    ),
    ReasonCode.RATE_TOO_LOW: (
        "EMG mit {figure} ist zu langsam für eine Reihenfolge (nötig: {limit})",
        "einen Sensor mit mindestens {limit} verwenden; besser sind 1000 Hz oder mehr",
    ),
    ReasonCode.RATE_LOW: (
        "EMG mit {figure} ist langsam; der Bereich für „gleichzeitig“ ist breiter",
        "1000 Hz oder mehr machen ihn schmaler",
    ),
    ReasonCode.MAINS_HUM: (
        "{site}: {figure} des Ruhesignals sind Netzbrummen (Grenze {limit})",
        "Ladegerät ausstecken, Kabel wegräumen, Elektrode anfeuchten",
    ),
    ReasonCode.MOVEMENT_ARTEFACT: (
        "{site}: die Elektrode bewegt sich auf der Haut ({figure} der Leistung unter 20 Hz, Grenze {limit})",
        "Elektrode und Kabel festkleben, dann wiederholen",
    ),
    ReasonCode.SHOCK_AT_ONSET: (
        "{site}: ein Stoß ({figure}, Grenze {limit}) fiel mit dem Einsatz zusammen; er ist eine Stufe, keine Aktivität",
        "Elektrode und Kabel festkleben, nicht anfassen, dann wiederholen",
    ),
    ReasonCode.METHODS_DISAGREE: (
        "{site}: die übliche Schwelle setzt den Einsatz {figure} anders (Grenze {limit})",
        "die Kurve dieser Wiederholung ansehen: bei langsamem Anstieg kommt eine Schwelle zu spät",
    ),
    ReasonCode.LIFT_TOO_SMALL: ("die Hüfte bewegte sich nur {figure} (nötig: {limit})", "weiter bewegen, wiederholen"),
    ReasonCode.LIFT_TOO_LARGE: (
        "die Hüfte bewegte sich {figure} (höchstens {limit})",
        "weniger weit bewegen, wiederholen",
    ),
    ReasonCode.LIFT_TOO_FAST: (
        "das Bein bewegte sich mit {figure} (höchstens {limit})",
        "langsamer anheben, etwa eine Sekunde lang",
    ),
    ReasonCode.LIFT_TOO_SLOW: (
        "das Bein bewegte sich mit nur {figure} (nötig: {limit})",
        "in etwa einer Sekunde anheben",
    ),
    ReasonCode.KNEE_BENT: (
        "das Knie bewegte sich um {figure} (höchstens {limit})",
        "das Knie halten, wie es ist",
    ),
    ReasonCode.PELVIS_TILTED: (
        "das Becken kippte um {figure} (höchstens {limit})",
        "das Becken liegen lassen und nur so weit anheben, wie es liegen bleibt",
    ),
    ReasonCode.OTHER_EXERCISE: (
        "das war eine andere Bewegung, als der Test verlangt",
        "sie bleibt mit ihren Werten in der Liste; die Bewegung des Tests ausführen",
    ),
    ReasonCode.THIGH_TURNED: (
        "der Oberschenkelsensor ist um {figure} verdreht; die Winkel berücksichtigen das",
        "jetzt nichts zu tun; nächstes Mal den Pfeil zum Kopf zeigen lassen",
    ),
    ReasonCode.THIGH_FACE_DOWN: (
        "der Oberschenkelsensor liegt mit der Vorderseite auf der Haut",
        "umdrehen, Pfeil zum Kopf, und neu beginnen",
    ),
    ReasonCode.PELVIS_FACE_DOWN: (
        "der Beckensensor liegt mit der Vorderseite auf der Haut",
        "umdrehen, Pfeil zum Kopf, und neu beginnen",
    ),
    ReasonCode.SENSORS_SWAPPED: (
        "Drehung des Beckensensors: {figure} der des Oberschenkelsensors (höchstens {limit}); anscheinend sind sie "
        "vertauscht",
        "die beiden Sensoren tauschen und neu beginnen",
    ),
    ReasonCode.THIGH_STAYED: (
        "der Oberschenkelsensor drehte sich beim Anheben nur um {figure} (nötig: {limit}): anscheinend sitzt er am "
        "anderen Bein",
        "den Oberschenkelsensor an das Bein setzen, das angehoben wird, und neu beginnen",
    ),
    ReasonCode.NOT_STILL_BEFORE: (
        "das Bein war vor dem Anheben nicht still",
        "vor jedem Anheben zwei Sekunden still liegen",
    ),
    ReasonCode.SENSOR_LOST: (
        "ein Sensor ging beim Anheben verloren",
        "Kabel oder Entfernung prüfen, dann wiederholen",
    ),
    ReasonCode.SENSOR_MISSING: (
        "{site}: kein Kanal vorhanden",
        "den Sensor anschließen oder die Kanäle einer Datei benennen: --hamstring NAME --glute NAME",
    ),
    ReasonCode.NO_LIFT: (
        "keine Wiederholung gefunden",
        "prüfen, ob Sensoren an Becken und Oberschenkel des angehobenen Beins sitzen; ohne sie müssen beide Muskeln "
        "deutlich einsetzen",
    ),
    ReasonCode.HOLD_SHORT: (
        "die Haltezeit dauerte nur {figure} (nötig: {limit})",
        "20 bis 30 s halten",
    ),
    ReasonCode.HOLD_UNSTEADY: (
        "{site} wurde nicht gleichmäßig gehalten: Schwankung {figure} (Grenze {limit})",
        "gleichmäßig anspannen, innerhalb des Zielbereichs",
    ),
    ReasonCode.HOLD_NEAR_REST: (
        "{site} war nur {figure} über dem Ruhepegel (nötig: {limit})",
        "stärker anspannen; war es schon stark, die Elektrode fester andrücken",
    ),
    ReasonCode.RATE_NO_SPECTRUM: (
        "{site} mit {figure} ist zu langsam für eine Medianfrequenz (nötig: {limit})",
        "einen Sensor mit mindestens {limit} verwenden",
    ),
    ReasonCode.TOO_FEW_LIFTS: (
        "{figure} Wiederholungen waren zu bewerten (nötig: {limit})",
        "weitere Wiederholungen aufnehmen",
    ),
    ReasonCode.REPEATED: ("diese Wiederholung wurde verworfen, um sie neu zu machen", "noch einmal anheben"),
    ReasonCode.NO_CERTAINTY: (
        "die gewählte Einsatz-Methode gibt einen Zeitpunkt an, aber nicht, wie sicher er ist",
        "für eine Reihenfolge die Methode ramp-likelihood verwenden",
    ),
    ReasonCode.TOO_SHORT: (
        "{site}: das Signal dauert nur {figure} (nötig: {limit})",
        "ein längeres Stück aufnehmen, mit der Ruhe vor der Aktivität",
    ),
    ReasonCode.SAMPLES_MISSING: (
        "{site}: {figure} der Werte fehlen (höchstens {limit})",
        "Kanal und Kabel prüfen",
    ),
    ReasonCode.FLAT_LINE: (
        "{site}: das Signal bewegt sich {figure} lang gar nicht (höchstens {limit})",
        "Elektrode andrücken und ihr Kabel prüfen, dann wiederholen",
    ),
    ReasonCode.INFINITE_VALUES: (
        "{site}: {figure} der Werte sind unendlich und zählen als fehlend (Grenze {limit})",
        "prüfen, wie die Datei ausgegeben wurde, oder die Verstärkung des Sensors verringern",
    ),
    ReasonCode.NO_ACTIVITY: (
        "{site}: keine anhaltende Aktivität; die stärksten 100 ms liegen {figure} über Ruhe",
        "prüfen, ob die Elektrode auf dem Muskel sitzt, dann wiederholen",
    ),
    ReasonCode.ENDED_EARLY: (
        "die Aufnahme endet mitten in der Wiederholung",
        "bis zum Ende der Wiederholung aufnehmen",
    ),
}

GERMAN = Words(
    reasons=ReasonWords(
        parts=PARTS,
        muscle="Muskel",
        sided="{part} {side}",
        sides={"left": "links", "right": "rechts", "": ""},
        reasons=REASONS,
        units=UNIT_FORMATS | {"times": ("das {}-Fache", 1, 1.0)},
        milliseconds="{} ms",
        numbers=NUMBERS,
    ),
    motion=MotionWords(
        exercises={
            Exercise.PRONE_LIFT: "Beinheben in Bauchlage",
            Exercise.BRIDGE: "Brücke",
            Exercise.SINGLE_LEG_BRIDGE: "Brücke auf einem Bein",
            Exercise.BILATERAL_BRIDGE: "Brücke auf beiden Beinen",
            Exercise.HIP_FLEXION: "Hüftbeugung",
        },
        hip_extended="Hüftstreckung {angle}°",
        hip_flexed="Hüftbeugung um {angle}°",
        hip_flexed_to="Hüftbeugung um {angle}°, bis {flexion}° Beugung",
        speed="mit bis zu {speed}°/s",
        held="{seconds} s gehalten",
        set_of_one="Becken in 1 Wiederholung: {words}",
        set_of_more="Becken, Median von {count} Wiederholungen: {words}",
        ranges="größter Weg der Hüfte: {ranges}",
        by_person="{angle}° aktiv",
        by_examiner="{angle}° passiv (keiner der Muskeln setzte ein)",
        change_small="vorher {before}°, jetzt {after}°: eine Änderung unter {limit}° zwischen zwei Terminen wird nicht "
        "gedeutet",
        change_more="vorher {before}°, jetzt {after}°: {change}° mehr",
        change_less="vorher {before}°, jetzt {after}°: {change}° weniger",
        with_hip="zugleich mit der Hüfte",
        before_hip="{seconds} s vor der Hüfte",
        after_hip="{seconds} s nach der Hüfte",
        tilted_under="weniger als 1° gekippt",
        tilted_forwards="{angle}° nach vorn gekippt",
        tilted_backwards="{angle}° nach hinten gekippt",
        early="{angle}° bei {at}° Hüftstreckung",
        early_other_way="{angle}° in Gegenrichtung bei {at}° Hüftstreckung",
        note="mehr als {limit}° (ein Hinweis, keine Norm)",
        turned_under="weniger als 1° gedreht",
        turned_left="{angle}° gedreht, linke Seite nach hinten",
        turned_right="{angle}° gedreht, rechte Seite nach hinten",
        back_from="{angle}° nach hinten gekippt, ab {flexion}° Hüftbeugung",
        back_from_unmeasured="nach hinten gekippt, ab {flexion}° Hüftbeugung",
        back_under="weniger als {angle}° nach hinten gekippt",
        numbers=NUMBERS,
    ),
    sync=SyncWords(
        classes={
            SyncClass.SAME_CONVERTER: "eine Uhr",
            SyncClass.HARDWARE: "durch Hardware synchron",
            SyncClass.VERIFIED: "durch Klopfen abgeglichen",
            SyncClass.UNVERIFIED: "nicht geprüft",
            SyncClass.ARRIVAL_ONLY: "nur Ankunftszeiten",
        },
        hints={
            SyncClass.UNVERIFIED: (
                "alle Abstände zwischen ihnen können um einen festen Betrag falsch sein, den Ankunftszeiten nicht "
                "zeigen; `firingorder align` misst ihn, einmal"
            ),
            SyncClass.ARRIVAL_ONLY: (
                "alle Abstände zwischen ihnen können um so viel falsch sein, wie Pakete zu spät kamen; Sensoren "
                "verwenden, die ihre eigene Zeit senden"
            ),
        },
    ),
)
