"""The words of what keeps a test from going on."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TroubleTexts:
    """What the state card says where the data, the recording or the computer is in trouble."""

    kicker: str = "TEST HELD UP"
    not_recording: str = "Not recorded"
    not_recording_body: str = "{error}. What came before is kept"
    silent: str = "No data"
    silent_body: str = "{names}: nothing has come for a moment. Bring the sensor closer, or check its cable"
    quiet_body: str = "Nothing new has come for a moment. Close other programs, or check the sensors"
    slow: str = "Computer too slow"
    slow_body: str = "Answers come {seconds} s late. Close other programs; the recording is whole"
