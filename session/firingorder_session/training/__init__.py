"""The training log: a plan as data, what was done of it, what it reminds of. Whether somebody sprints is never decided here."""
