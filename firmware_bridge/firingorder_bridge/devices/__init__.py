"""Sensors that do not speak Open Muscle Link 1, one file a kind; each opens with its sources."""
