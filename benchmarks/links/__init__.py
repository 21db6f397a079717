"""The links benchmark: four sensors over each kind of link, on a quiet machine and on a busy one.

`course` runs one and writes its row, `keys` tells which of what was sent a chunk brought, `senders` are the sensors in
their own process, `wired` and `radio` the rows.
"""
