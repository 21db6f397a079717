/* The sensor's side of OML/1; see sensor.h and docs/wire.md. */
#include "sensor.h"

#include "board.h"
#include "feed.h"
#include "outbox.h"
#include "streams.h"

#define DESC_ID 1
#define N_STREAMS 2u

#define TIME_US 1000000u
#define STATUS_US 5000000u
#define DESC_US 10000000u

typedef struct {
    feed samples;
    const stream_plan *plan;
    oml_stream numbers;
    uint32_t next_n; /* samples in the next frame */
    bool begins; /* no sample has been sent since START */
    uint32_t next_index;
} stream_state;

static sample rings[N_STREAMS][FEED_SIZE];

/* A device that starts says so on the first frame of each stream. */
static stream_state streams[N_STREAMS] = {
    {.samples = {.from = &emg_source, .ring = rings[0]}, .plan = &emg_plan, .numbers = {0, 0, OML_CLOCK_RESTARTED}},
    {.samples = {.from = &imu_source, .ring = rings[1]}, .plan = &imu_plan, .numbers = {1, 0, OML_CLOCK_RESTARTED}},
};
static oml_stream control = {OML_CONTROL_STREAM, 0, OML_CLOCK_RESTARTED};
static volatile bool has_begun;
static uint32_t boot_id;
static uint64_t time_due, status_due, desc_due;
static uint32_t dropped_frames, dropped_samples;

void sensor_tick(uint64_t now_us)
{
    for (uint32_t at = 0; has_begun && at < N_STREAMS; at++) {
        feed_tick(&streams[at].samples, now_us);
    }
}

static oml_writer *begin_control(uint8_t type, uint64_t now_us)
{
    oml_header header = {.type = type, .t_us = (uint32_t)(now_us & UINT32_MAX)};
    return outbox_begin(&control, &header);
}

static void send_desc(stream_state *stream, uint64_t now_us)
{
    if (!outbox_has_room()) {
        return; /* another one comes within 10 s, or when asked for */
    }
    oml_header header = {.type = OML_DESC, .index = stream->samples.from->next_index, .desc_id = DESC_ID};
    header.t_us = (uint32_t)(now_us & UINT32_MAX);
    oml_writer *out = outbox_begin(&stream->numbers, &header);
    oml_put_desc(out, &stream->plan->desc);
    for (uint32_t channel = 0; channel < stream->plan->desc.channels; channel++) {
        oml_put_channel(out, &stream->plan->channels[channel]);
    }
    outbox_finish(out);
}

static void send_time(uint64_t now_us)
{
    oml_time time = {.t_us = now_us, .boot_id = boot_id, .dropped_total = dropped_samples};
    oml_writer *out = begin_control(OML_TIME, now_us);
    oml_put_time(out, &time);
    outbox_finish(out);
}

static void send_status(uint64_t now_us)
{
    oml_status status = {.battery_mv = 3700, .temperature_c = 25};
    status.dropped_frames = dropped_frames;
    status.dropped_samples = dropped_samples;
    status.queue_high_water = outbox_high_water();
    oml_writer *out = begin_control(OML_STATUS, now_us);
    oml_put_status(out, &status);
    outbox_finish(out);
}

/* A length that varies from frame to frame: on a radio, a period that shares a divisor with the connection interval hides
 * delay from the receiver (docs/wire.md, section 7). A linear congruential generator is random enough. */
static uint32_t choose_length(const stream_plan *plan)
{
    static uint32_t state = 1;
    state = state * UINT32_C(1664525) + UINT32_C(1013904223);
    return plan->shortest + (state >> 16) % (plan->desc.max_n - plan->shortest + 1u);
}

static void put_data(stream_state *stream, uint32_t n)
{
    const oml_desc *desc = &stream->plan->desc;
    const sample *first = feed_sample(&stream->samples, 0);
    oml_header header = {.type = OML_DATA, .index = first->index, .t_us = first->t_us, .n = (uint8_t)n};
    header.desc_id = DESC_ID;
    oml_writer *out = outbox_begin(&stream->numbers, &header);
    for (uint32_t at = 0; at < n; at++) {
        oml_put_samples(out, feed_sample(&stream->samples, at)->values, desc->channels, desc->format);
    }
    outbox_finish(out);
}

static void send_samples(stream_state *stream, uint32_t n)
{
    uint32_t index = feed_sample(&stream->samples, 0)->index;
    /* Samples run on through STOP: what a stream missed while it was off is no drop. */
    uint32_t missing = stream->begins ? 0 : index - stream->next_index;
    stream->begins = false;
    stream->next_index = index + n;
    if (missing > 0) {
        dropped_samples += missing;
        oml_dropped(&stream->numbers);
    }
    if (outbox_has_room()) {
        put_data(stream, n);
    } else {
        dropped_frames++;
        dropped_samples += n;
        oml_dropped(&stream->numbers);
    }
    stream->samples.n_read += n;
    stream->next_n = choose_length(stream->plan);
}

static void send_due_samples(stream_state *stream)
{
    while (stream->samples.wanted) {
        /* Looked at once: a tick between two looks would make samples that are still coming seem a run with a hole. */
        uint32_t waiting = feed_waiting(&stream->samples);
        uint32_t n = feed_run(&stream->samples, waiting < stream->next_n ? waiting : stream->next_n);
        /* A run that ends at a hole is sent as it is. */
        if (n == 0 || (n < stream->next_n && n == waiting)) {
            return;
        }
        send_samples(stream, n);
    }
}

void sensor_work(uint64_t now_us)
{
    bool streaming = false;
    for (uint32_t at = 0; at < N_STREAMS; at++) {
        streaming = streaming || streams[at].samples.wanted;
        if (streams[at].samples.wanted && now_us >= desc_due) {
            send_desc(&streams[at], now_us);
        }
        send_due_samples(&streams[at]);
    }
    if (now_us >= desc_due) {
        desc_due = now_us + DESC_US;
    }
    if (streaming && now_us >= time_due && outbox_has_room()) {
        send_time(now_us);
        time_due = now_us + TIME_US;
    }
    if (streaming && now_us >= status_due && outbox_has_room()) {
        send_status(now_us);
        status_due = now_us + STATUS_US;
    }
}

/* Whether a command names this stream. */
static bool is_meant(const oml_command *command, uint32_t stream)
{
    switch (command->op) {
    case OML_START:
        return oml_starts(command, stream);
    case OML_GET_DESC:
        return command->n_args == 0 || command->args[0] == OML_CONTROL_STREAM || command->args[0] == stream;
    default:
        return false;
    }
}

static uint8_t judge(const oml_command *command)
{
    switch (command->op) {
    case OML_HELLO:
        if (command->n_args < 2) {
            return OML_BAD_ARGUMENT;
        }
        return command->args[0] <= OML_VERSION && OML_VERSION <= command->args[1] ? OML_OK : OML_REFUSED;
    case OML_GET_DESC:
    case OML_START:
        for (uint32_t at = 0; at < N_STREAMS; at++) {
            if (is_meant(command, at)) {
                return OML_OK;
            }
        }
        return OML_BAD_ARGUMENT;
    case OML_STOP:
        return OML_OK;
    case OML_PING:
        return command->n_args < 8 ? OML_BAD_ARGUMENT : OML_OK;
    default:
        return OML_UNKNOWN_OP;
    }
}

static void answer(const oml_command *command, uint8_t verdict, uint64_t now_us)
{
    oml_writer *out = begin_control(OML_RSP, now_us);
    oml_put_response(out, command, verdict);
    if (verdict == OML_OK && command->op == OML_HELLO) {
        oml_put_hello(out, &identity);
    }
    if (verdict == OML_OK && command->op == OML_PING) {
        oml_put_bytes(out, command->args, 8);
        oml_put_u64(out, now_us);
        oml_put_u64(out, board_now_us());
    }
    outbox_finish(out);
}

static void turn_on(stream_state *stream)
{
    if (!stream->samples.wanted) {
        stream->next_n = choose_length(stream->plan);
        stream->begins = true;
        feed_begin(&stream->samples);
    }
}

static void start(const oml_command *command, uint64_t now_us)
{
    for (uint32_t at = 0; at < N_STREAMS; at++) {
        if (is_meant(command, at)) {
            send_desc(&streams[at], now_us);
            turn_on(&streams[at]);
        } else {
            streams[at].samples.wanted = false;
        }
    }
    if (!has_begun) {
        /* Only now, with the rings open: a tick in between would count samples that nobody keeps, and the first START
         * begins at sample 0. */
        uint64_t begin_us = board_now_us();
        source_begin(&emg_source, begin_us);
        source_begin(&imu_source, begin_us);
        has_begun = true; /* last: from here on the interrupt uses the sources */
    }
    time_due = now_us;
    status_due = now_us + STATUS_US;
    desc_due = now_us + DESC_US;
}

static void obey(const oml_command *command, uint64_t now_us)
{
    uint8_t verdict = judge(command);
    if (!outbox_has_room()) {
        return; /* the host asks again */
    }
    answer(command, verdict, now_us); /* first the answer, then what it announces */
    if (verdict == OML_OK && command->op == OML_START) {
        start(command, now_us);
    }
    for (uint32_t at = 0; verdict == OML_OK && at < N_STREAMS; at++) {
        if (command->op == OML_GET_DESC && is_meant(command, at)) {
            send_desc(&streams[at], now_us);
        }
        if (command->op == OML_STOP) {
            streams[at].samples.wanted = false;
        }
    }
}

void sensor_hear(uint8_t byte, uint64_t now_us)
{
    static uint8_t memory[64];
    static oml_reader reader = {memory, sizeof memory, 0};
    oml_command command;
    size_t n = oml_take(&reader, byte);
    if (n == 0 || !oml_read_command(&command, memory, n)) {
        return;
    }
    if (boot_id == 0) {
        /* The moment at which a host first speaks is as random as anything on a board without a random generator. */
        boot_id = (uint32_t)(now_us & UINT32_MAX) * UINT32_C(2654435761) | 1u;
    }
    obey(&command, now_us);
}
