"""The window: layout and drawing."""
