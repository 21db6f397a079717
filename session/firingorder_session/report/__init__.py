"""The report of a recording: one page to hand over, and one of methods, as PDF, HTML and data."""
