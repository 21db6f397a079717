"""The training log: a plan as data, what was done of it, what it reminds of. On sprinting nothing is decided here."""
