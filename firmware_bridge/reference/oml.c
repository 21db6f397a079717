/* Open Muscle Link 1 for a sensor; see oml.h. */
#include "oml.h"

/* CRC-16/IBM-3740 a byte at a time without a table: four shifts instead of eight rounds, 512 bytes less than a table. */
uint16_t oml_checksum(const uint8_t *data, size_t n)
{
    uint32_t crc = 0xFFFFu;
    for (size_t at = 0; at < n; at++) {
        uint32_t x = (crc >> 8 ^ data[at]) & 0xFFu;
        x ^= x >> 4;
        crc = (crc << 8 ^ x << 12 ^ x << 5 ^ x) & 0xFFFFu;
    }
    return (uint16_t)crc;
}

void oml_number(oml_stream *stream, oml_header *header)
{
    /* A drop is told by the samples that follow it, not by a descriptor that happens to come between. */
    uint8_t kept = header->type == OML_DATA ? 0u : (uint8_t)(stream->flags & OML_DROPPED_BEFORE);
    header->stream = stream->id;
    header->seq = stream->seq++;
    header->flags = (uint8_t)(header->flags | (stream->flags ^ kept));
    stream->flags = kept;
}

void oml_dropped(oml_stream *stream)
{
    stream->flags = (uint8_t)(stream->flags | OML_DROPPED_BEFORE);
}

void oml_put(oml_writer *out, uint32_t value, unsigned width)
{
    for (; width > 0; width--) {
        if (out->used < out->size) {
            out->data[out->used] = (uint8_t)(value & 0xFFu);
        }
        out->used++;
        value >>= 8;
    }
}

void oml_put_u64(oml_writer *out, uint64_t value)
{
    oml_put(out, (uint32_t)(value & 0xFFFFFFFFu), 4);
    oml_put(out, (uint32_t)(value >> 32), 4);
}

void oml_put_bytes(oml_writer *out, const void *bytes, size_t n)
{
    const uint8_t *from = bytes;
    for (size_t at = 0; at < n; at++) {
        oml_put(out, from[at], 1);
    }
}

/* A member of a record: where it is and the binary logarithm of its width, in one byte. Records are so written by one loop,
 * whatever the compiler's padding and byte order: a third of the code of naming each member. */
#define FIELD(record, member) \
    (uint8_t)(offsetof(record, member) << 2 | (sizeof(((record *)0)->member) / 2u - sizeof(((record *)0)->member) / 8u))

static void put_fields(oml_writer *out, const void *record, const uint8_t *fields, size_t n)
{
    for (size_t at = 0; at < n; at++) {
        const void *from = (const char *)record + (fields[at] >> 2);
        unsigned width = 1u << (fields[at] & 3);
        if (width == 8u) {
            oml_put_u64(out, *(const uint64_t *)from);
        } else {
            uint32_t value = width == 1u   ? *(const uint8_t *)from
                             : width == 2u ? *(const uint16_t *)from
                                           : *(const uint32_t *)from;
            oml_put(out, value, width);
        }
    }
}

void oml_begin(oml_writer *out, uint8_t *data, size_t size, const oml_header *header)
{
    static const uint8_t fields[] = {
        FIELD(oml_header, type), FIELD(oml_header, stream), FIELD(oml_header, seq),
        FIELD(oml_header, index), FIELD(oml_header, t_us), FIELD(oml_header, n),
        FIELD(oml_header, flags), FIELD(oml_header, desc_id), FIELD(oml_header, aux),
    };
    out->data = data;
    out->size = size;
    out->used = 0;
    put_fields(out, header, fields, sizeof fields);
}

size_t oml_end(oml_writer *out)
{
    if (out->used + 2u > out->size) {
        return 0;
    }
    oml_put(out, oml_checksum(out->data, out->used), 2);
    return out->used;
}

void oml_put_samples(oml_writer *out, const int32_t *values, size_t n, unsigned format)
{
    unsigned width = format == OML_F32 ? 4u : format + 1u;
    int32_t top = INT32_MAX >> (32u - 8u * width);
    for (size_t at = 0; at < n; at++) {
        int32_t value = values[at];
        if (value > top) {
            value = top;
        } else if (value < -top - 1) {
            value = -top - 1;
        }
        oml_put(out, (uint32_t)value, width);
    }
}

void oml_put_desc(oml_writer *out, const oml_desc *desc)
{
    static const uint8_t fields[] = {
        FIELD(oml_desc, kind), FIELD(oml_desc, format), FIELD(oml_desc, channels), FIELD(oml_desc, rate_num),
        FIELD(oml_desc, rate_den), FIELD(oml_desc, clock_hz), FIELD(oml_desc, latency_us), FIELD(oml_desc, max_n),
    };
    oml_put(out, 1, 1); /* schema */
    put_fields(out, desc, fields, sizeof fields);
}

void oml_put_channel(oml_writer *out, const oml_channel *channel)
{
    static const uint8_t fields[] = {
        FIELD(oml_channel, channel), FIELD(oml_channel, quantity), FIELD(oml_channel, axis), FIELD(oml_channel,
        site), FIELD(oml_channel, scale), FIELD(oml_channel, offset), FIELD(oml_channel, skew_ns),
    };
    put_fields(out, channel, fields, sizeof fields);
    oml_put_bytes(out, channel->label, sizeof channel->label);
}

void oml_put_time(oml_writer *out, const oml_time *time)
{
    static const uint8_t fields[] = {
        FIELD(oml_time, t_us), FIELD(oml_time, boot_id), FIELD(oml_time, sync_count), FIELD(oml_time,
        last_sync_t_us), FIELD(oml_time, dropped_total),
    };
    put_fields(out, time, fields, sizeof fields);
}

void oml_put_event(oml_writer *out, const oml_event *event)
{
    static const uint8_t fields[] = {FIELD(oml_event, kind), FIELD(oml_event, arg), FIELD(oml_event, t_us)};
    put_fields(out, event, fields, sizeof fields);
}

void oml_put_status(oml_writer *out, const oml_status *status)
{
    static const uint8_t fields[] = {
        FIELD(oml_status, battery_mv), FIELD(oml_status, flags), FIELD(oml_status, dropped_frames),
        FIELD(oml_status, dropped_samples), FIELD(oml_status, rssi_dbm), FIELD(oml_status, temperature_c),
        FIELD(oml_status, queue_high_water),
    };
    put_fields(out, status, fields, sizeof fields);
}

void oml_put_response(oml_writer *out, const oml_command *command, uint8_t status)
{
    oml_put(out, command->op, 1);
    oml_put(out, command->tag, 1);
    oml_put(out, status, 1);
}

void oml_put_hello(oml_writer *out, const oml_identity *identity)
{
    oml_put(out, OML_VERSION, 1);
    oml_put_bytes(out, identity->uid, sizeof identity->uid);
    oml_put(out, identity->firmware, 2);
    oml_put(out, identity->capabilities, 2);
}

size_t oml_stuff(uint8_t *out, size_t size, const uint8_t *frame, size_t n)
{
    size_t code_at = 0;
    size_t used = 1;
    for (size_t at = 0; at < n && used < size; at++) {
        if (frame[at] != 0) {
            out[used++] = frame[at];
        }
        /* A run ends at a zero, or full at 254 bytes; a full run at the very end needs no empty one behind it. */
        if (frame[at] == 0 || (used - code_at == 255u && at + 1u < n)) {
            out[code_at] = (uint8_t)(used - code_at);
            code_at = used++;
        }
    }
    if (used >= size) {
        return 0;
    }
    out[code_at] = (uint8_t)(used - code_at);
    out[used] = 0;
    return used + 1u;
}

size_t oml_unstuff(uint8_t *data, size_t n)
{
    size_t from = 0;
    size_t to = 0;
    while (from < n) {
        unsigned code = data[from++];
        if (code == 0 || code - 1u > n - from) {
            return 0;
        }
        for (unsigned left = code; left > 1; left--) {
            if (data[from] == 0) {
                return 0;
            }
            data[to++] = data[from++];
        }
        if (code < 255u && from < n) {
            data[to++] = 0;
        }
    }
    return to;
}

size_t oml_take(oml_reader *reader, uint8_t byte)
{
    size_t n = reader->used;
    if (byte != 0) {
        /* One more than fits is counted, and tells at the border that the frame was too long. */
        if (n < reader->size) {
            reader->data[n] = byte;
        }
        reader->used = n > reader->size ? n : n + 1u;
        return 0;
    }
    reader->used = 0;
    return n > reader->size ? 0 : oml_unstuff(reader->data, n);
}

bool oml_is_whole(const uint8_t *frame, size_t n)
{
    return n >= OML_MIN_FRAME && n <= OML_MAX_FRAME_CABLE &&
           oml_checksum(frame, n - 2u) == (frame[n - 1u] << 8 | frame[n - 2u]);
}

bool oml_read_command(oml_command *command, const uint8_t *frame, size_t n)
{
    if (n < OML_MIN_FRAME + 2u || !oml_is_whole(frame, n) || frame[0] != OML_CMD) {
        return false;
    }
    command->op = frame[OML_HEADER_SIZE];
    command->tag = frame[OML_HEADER_SIZE + 1u];
    command->args = frame + OML_HEADER_SIZE + 2u;
    command->n_args = n - OML_MIN_FRAME - 2u;
    return true;
}

bool oml_starts(const oml_command *command, unsigned stream)
{
    size_t at = stream / 8u;
    return command->n_args == 0 || (at < command->n_args && (command->args[at] >> stream % 8u & 1) != 0);
}
