"""The `.fo` file: written, read, saved where it is damaged; and `read`, which opens a recording of any format."""
