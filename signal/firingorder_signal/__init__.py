"""The signal core: SampleBlocks in, onsets, angles, lifts and verdicts out. No I/O, no clock, no thread."""
