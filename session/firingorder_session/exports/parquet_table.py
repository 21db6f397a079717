"""Parquet: every sample with the time at which it was taken, as the recording knows it; nothing interpolated.

One row a sample of a stream: `stream`, `index`, `time_s`, `uncertainty_s`, and a column a channel of any stream, null
in the rows of the others. What the streams are, and the recording's identity, are JSON in the file's metadata under
`firingorder`.
Source: Apache Parquet; written by pyarrow (extra `cohort`).
"""

import json
from importlib import import_module
from typing import Any

import numpy as np

from firingorder_signal.blocks import SampleBlock, StreamInfo

from .contract import Export, ExportJob, ExportRefused, channel_names, channel_units, find_marks, whole_file

FORMAT = "Parquet"
METADATA = b"firingorder"
#: Columns that every row has.
OWN = ("stream", "index", "time_s", "uncertainty_s")


def write(job: ExportJob) -> Export:
    """Write a recording, block by block."""
    try:
        pa, pq = import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError:
        raise ExportRefused("Parquet needs pyarrow; install it: pip install 'firingorder[cohort]'") from None
    streams = job.recording.streams
    if not streams:
        raise ExportRefused(f"{job.recording.info.name}: holds no samples; nothing to write")
    columns = _columns(streams)
    kinds = (pa.dictionary(pa.int16(), pa.string()), pa.int64(), pa.float64(), pa.float64())
    fields = list(zip(OWN, kinds, strict=True))
    schema = pa.schema(fields + [(name, pa.float64()) for names in columns.values() for name in names])
    schema = schema.with_metadata({METADATA: json.dumps(_describe(job, columns)).encode()})
    with whole_file(job.path) as draft, pq.ParquetWriter(str(draft), schema, compression="zstd") as writer:
        for block in job.recording.blocks():
            writer.write_table(_table(pa, schema, block, columns))
            job.report(block.end_s)
    lost = job.unless_foreign("the sensors' own bytes", "what the guide and the examiner noted")
    return Export((job.path,), tuple(lost))


def _columns(streams: tuple[StreamInfo, ...]) -> dict[str, list[str]]:
    """Return each stream's columns; a name that two share, or a row's own has, carries the stream's as well."""
    names = {stream.stream_id: channel_names(stream) for stream in streams}
    taken = [*OWN, *(name for each in names.values() for name in each)]
    return {
        stream: [name if taken.count(name) == 1 else f"{name} ({stream} {n})" for n, name in enumerate(each)]
        for stream, each in names.items()
    }


def _describe(job: ExportJob, columns: dict[str, list[str]]) -> dict[str, Any]:
    """Return what the file is, as plain JSON types."""
    info = job.recording.info
    return {
        "recording": info.content_id, "created": info.created, "subject": info.subject, "protocol": info.protocol,
        "streams": [
            {
                "stream": stream.stream_id, "kind": stream.kind.value, "rate_hz": str(stream.rate_hz),
                "sites": [str(site) for site in stream.sites], "columns": columns[stream.stream_id],
                "units": channel_units(stream), "clock": stream.clock_id, "sync": stream.sync.value,
            }
            for stream in job.recording.streams
        ],
        "marks": [{"time_s": mark.time_s, "text": mark.text} for mark in find_marks(job.analysis)],
    }  # fmt: skip


def _table(pa: Any, schema: Any, block: SampleBlock, columns: dict[str, list[str]]) -> Any:
    """Return a block as a table of the whole schema."""
    n_rows = len(block.values)
    own = dict(zip(columns[block.stream.stream_id], block.values.T, strict=True))
    index = np.arange(block.first_index, block.first_index + n_rows)
    base = block.timebase
    known: dict[str, Any] = {
        "stream": pa.array([block.stream.stream_id] * n_rows).dictionary_encode().cast(schema.field("stream").type),
        "index": pa.array(index),
        "time_s": pa.array(base.time_s + (index - base.index) * base.period_s),
        "uncertainty_s": pa.array(np.full(n_rows, base.uncertainty_s)),
    }
    arrays = [
        known.get(field.name) if field.name in known
        else pa.array(np.ascontiguousarray(own[field.name]), from_pandas=True) if field.name in own
        else pa.nulls(n_rows, field.type)
        for field in schema
    ]  # fmt: skip
    return pa.Table.from_arrays(arrays, schema=schema)
