"""Files as other systems write them, with known contents; written by libraries of others where there are any."""
