"""Setting a test up: where sensors go, what they are called, references; without threads or clocks."""
