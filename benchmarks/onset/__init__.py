"""The onset benchmark: ours and other people's detectors on the same simulated trials, scored against the goals.

`trials` draws them, `ours` runs the product's public calls, `peers` the other packages, `live` what only a stream has;
`figures` scores, `goals` says what was promised, `page` and `plot` write `docs/onset_benchmark.md` and its picture.
"""
