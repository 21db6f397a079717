"""Sensors in: found, asked, opened, listened to, looked for again; and a recording in their place."""
