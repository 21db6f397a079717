"""A test being run, recordings on disk, and what is made of them."""
