"""Live views of one Lab Streaming Layer stream: ours beside MNE-LSL's stream viewer, each in a process of its own.

`outlet` sends four muscles at 2 kHz, `ours` and `mne_viewer` show them and say what that cost, `__main__` prints both.
"""
