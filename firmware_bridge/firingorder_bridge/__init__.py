"""The bridge: sensors on one side, SampleBlocks on one clock on the other."""
