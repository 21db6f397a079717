"""The virtual wearable: a product of its own, never imported by runtime code."""
