"""German of what a session has to tell: before the test, where it stands, why it ended, and in the review.

Commands, paths and settings stay as they are typed; what begins with a name keeps it there.
"""

from firingorder_session.message_codes import MessageCode
from firingorder_session.message_words import MessageWords
from firingorder_signal.blocks import Side

#: What to do about a cable to the mains, in both sentences that tell of one.
FROM_BATTERY = (
    "Solange Elektroden an einer Person sind: den Rechner aus dem Akku betreiben oder einen medizinischen USB-Isolator "
    "dazwischensetzen; ein Bluetooth-Sensor braucht beides nicht."
)
FEWER = "Weniger Kanäle, eine kleinere Rate oder für jede Hälfte der Sensoren eine eigene Verbindung verwenden."

SENTENCES: dict[MessageCode, str] = {
    MessageCode.ON_MAINS: f"elektrische Sicherheit: der Rechner hängt am Stromnetz und mit ihm, per Kabel, {{ports}}. "
    f"{FROM_BATTERY}",
    MessageCode.MAINS_UNKNOWN: (
        "elektrische Sicherheit: der Rechner hängt vielleicht am Stromnetz (dieses System sagt es nicht) und mit ihm, "
        f"per Kabel, {{ports}}. {FROM_BATTERY}"
    ),
    MessageCode.ADAPTER_HOLDS_BACK: "{port} hält Daten bis zu {ms} ms zurück. Einmal eingeben: {command}",
    MessageCode.SENT_ON_NETWORK: (
        "LSL: dieser Test wird ins Netzwerk gesendet; andere in diesem Netzwerk können Signale und Ergebnisse mitlesen"
    ),
    MessageCode.LOAD_MAY_LOSE: f"{{who}}: {{asked}} kB/s von etwa {{able}}; Werte können verloren gehen. {FEWER}",
    MessageCode.LOAD_WILL_LOSE: f"{{who}}: {{asked}} kB/s von etwa {{able}}; Werte werden verloren gehen. {FEWER}",
    MessageCode.CAME_LATE: (
        "{sensor} kam erst nach Beginn des Tests: wird aufgenommen, nimmt aber nicht teil. Soll er teilnehmen, einen "
        "neuen Test beginnen."
    ),
    MessageCode.NOT_HEARD: (
        "nichts gehört von {units}; der Test beginnt ohne. Eingeschaltet und nahe an der Basisstation?"
    ),
    MessageCode.OTHER_KIND: "{link} sendete {count} Bytes, die nicht zu {kind} passen. {hint}",
    MessageCode.BOTH_LEGS: (
        "Muskelkanäle an beiden Beinen: gezeigt wird {shown}, mit ausgewertet wird {others}; --side wählt eine Seite"
    ),
    MessageCode.NO_EMG: "kein EMG-Kanal vorhanden, daher lässt sich keine Reihenfolge bewerten",
    MessageCode.UNNAMED_HAMSTRING: (
        "{channels}; keiner ist als Beinbeuger benannt, daher lässt sich keine Reihenfolge bewerten. Zum Benennen {how}"
    ),
    MessageCode.UNNAMED_GLUTE: (
        "{channels}; keiner ist als Gesäßmuskel benannt, daher lässt sich keine Reihenfolge bewerten. Zum Benennen "
        "{how}"
    ),
    MessageCode.UNNAMED_BOTH: (
        "{channels}; keiner ist als Beinbeuger oder als Gesäßmuskel benannt, daher lässt sich keine Reihenfolge "
        "bewerten. Zum Benennen {how}"
    ),
    MessageCode.WAITING_FOR: "warten auf {units}",
    MessageCode.RECORDING_STOPPED: (
        "die Aufnahme {path} wurde abgebrochen: {why}; alles bis dahin ist darin gesichert"
    ),
    MessageCode.ANALYSIS_FAILED: (
        "die Auswertung brach durch einen Programmfehler ab; die Aufnahme ist vollständig und lässt sich neu auswerten"
    ),
    MessageCode.ACQUISITION_FAILED: (
        "der Empfang brach durch einen Programmfehler ab; was bis dahin aufgenommen wurde, ist gesichert"
    ),
    MessageCode.FILE_BROKEN: (
        "{name} lässt sich nicht bis zum Ende lesen: neu kopieren, oder retten, was lesbar ist: firingorder recover "
        "{path}"
    ),
    MessageCode.JUDGE_LOST: "die Auswertung wurde vom System abgebrochen; die Aufnahme noch einmal öffnen",
    MessageCode.NO_CORRECTIONS_HERE: (
        "Korrekturen werden nur in .fo-Aufnahmen gespeichert; diese Datei kommt von einem anderen System"
    ),
    MessageCode.NOT_WRITABLE: (
        "{name}: hier schreibgeschützt, daher lässt sich nichts dazu speichern; in einen anderen Ordner kopieren"
    ),
    MessageCode.LOCKED: "{name}: verschlüsselt, so lässt sich nichts dazu speichern; zuerst entschlüsseln",
    MessageCode.IN_USE: "{name}: wird noch aufgenommen oder von einem anderen Programm gelesen; das zuerst beenden",
    MessageCode.GONE: (
        "{name}: nicht mehr lesbar, daher wurde nichts gespeichert; wurde die Datei verschoben oder der Stick "
        "abgezogen?"
    ),
    MessageCode.NOT_ADDED: "{name}: es ließ sich nichts dazu speichern ({why})",
    MessageCode.NOBODY_SAYS_WHO: "niemand sagt, wer den Einsatz verschiebt; Kürzel eingeben",
    MessageCode.NOT_MOVABLE: "nur ein gefundener Einsatz in einer bewerteten Wiederholung lässt sich verschieben",
    MessageCode.NOTHING_MOVED: "kein Einsatz wurde von Hand verschoben",
    MessageCode.OTHER_SUBJECT: "{name} nennt {stated} als Person und wird nicht unter {code} abgelegt",
    MessageCode.NOTHING_TO_FILE: (
        "{name} enthält nichts zum Ablegen: kein Test wurde bewertet; eingeben: firingorder analyze {path}"
    ),
    MessageCode.FILED_ELSEWHERE: (
        "{name} liegt schon unter {other}; `history remove {other} FILE` macht das rückgängig"
    ),
    MessageCode.NO_DAY: "{name} sagt nicht, von welchem Tag die Aufnahme ist; im Terminal: --day JJJJ-MM-TT",
    MessageCode.NO_SUCH_SUBJECT: "niemand hat den Code {code}; `firingorder history` zählt alle auf",
    MessageCode.HISTORY_UNUSABLE: "der Verlauf in {where} ist nicht benutzbar: {system}",
    MessageCode.HISTORY_NOT_KEPT: (
        "in {path} lässt sich kein Verlauf führen ({system}); {variable} nennt eine andere Datei"
    ),
    MessageCode.HISTORY_NEWER: (
        "der Verlauf stammt von einer neueren Version von FiringOrder (Stand {layout}; diese kennt {known}); "
        "FiringOrder aktualisieren"
    ),
    MessageCode.NO_TEXT: "{what} ist kein Text für eine Datenbank; die Datei umbenennen oder neu eingeben",
    MessageCode.NO_AUDIT_LINE: (
        "in {path} lässt sich kein Protokoll führen ({system}); ohne Eintrag wird nichts ausgegeben oder gelöscht; "
        "{variable} nennt eine andere Datei"
    ),
    MessageCode.REPORT_NOT_WRITTEN: "der Bericht ließ sich nicht nach {path} schreiben: {why}",
    MessageCode.FOLDER_READ_ONLY: "in diesen Ordner darf hier nicht geschrieben werden; einen anderen wählen",
    MessageCode.FOLDER_FULL: "der Datenträger ist voll; Platz schaffen oder einen anderen Ordner wählen",
    MessageCode.FOLDER_REFUSES: "das System meldet „{system}“; einen anderen Ordner wählen",
    MessageCode.DISK_FULL: "der Datenträger ist voll",
    MessageCode.FILE_READ_ONLY: "die Datei ist jetzt schreibgeschützt",
    MessageCode.DISK_REFUSES: "der Datenträger nahm die Daten nicht an ({system})",
    MessageCode.DISK_SLOW: "der Datenträger ist zu langsam, {count} Datenblöcke warteten auf ihn",
    MessageCode.DATABASE_REFUSES: "die Datei nahm die Daten nicht an ({system})",
    MessageCode.RECORDER_FAILED: "ein Fehler in FiringOrder, den das Terminal zeigt",
    MessageCode.ON_RADIO: "{links} am Bluetooth-Adapter",
    MessageCode.ON_CARRIER: "{links} zusammen an {carrier}",
    MessageCode.ONE_CHANNEL: "der Kanal heißt {names}",
    MessageCode.CHANNELS: "die Kanäle heißen {names}",
    MessageCode.NAME_UNITS: "an die Adresse anhängen, welche Einheit wo sitzt, etwa '{example}'",
    MessageCode.NAME_CHANNELS: "an die Adresse anhängen, wo jeder Kanal sitzt, in dieser Reihenfolge, etwa '{example}'",
    MessageCode.NAME_IN_FILE: "eingeben: {command}",
    MessageCode.KINDS_THERE_ARE: (
        "Ist das Gerät eingeschaltet, und von dieser Art? Vor Anschluss oder Namen steht die Art: {kinds}; ohne ist es "
        "{usual}. `firingorder devices` zählt auf, was da ist."
    ),
}

MESSAGES = MessageWords(
    SENTENCES, {Side.LEFT: "das linke", Side.RIGHT: "das rechte", Side.MIDDLE: "das ohne Seitenangabe"}
)
