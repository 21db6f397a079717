"""What a running test tells: plain records, for the view and for the recording."""
