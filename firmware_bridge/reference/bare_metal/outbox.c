/* Frames on their way to the line; see outbox.h. */
#include "outbox.h"

/* Two EMG channels at 2 kHz and an IMU are 17 kB/s: this holds 0.45 s of them while the host does not read. A power of
 * two. */
#define SIZE 8192u
#define BATTERY_PERCENT 82u

static uint8_t bytes[SIZE];
static uint32_t n_put, n_sent;
static uint16_t high_water;

bool outbox_has_room(void)
{
    return SIZE - (n_put - n_sent) >= OML_STUFFED_SIZE(OML_MAX_FRAME_RADIO);
}

oml_writer *outbox_begin(oml_stream *stream, oml_header *header)
{
    static uint8_t frame[OML_MAX_FRAME_RADIO];
    static oml_writer out;
    header->aux = BATTERY_PERCENT;
    oml_number(stream, header);
    oml_begin(&out, frame, sizeof frame, header);
    return &out;
}

void outbox_finish(oml_writer *out)
{
    static uint8_t line[OML_STUFFED_SIZE(OML_MAX_FRAME_RADIO)];
    size_t n = oml_stuff(line, sizeof line, out->data, oml_end(out));
    for (size_t at = 0; at < n; at++) {
        bytes[n_put++ % SIZE] = line[at];
    }
    if (n_put - n_sent > high_water) {
        high_water = (uint16_t)(n_put - n_sent);
    }
}

bool outbox_peek(uint8_t *byte)
{
    *byte = bytes[n_sent % SIZE];
    return n_sent != n_put;
}

void outbox_sent(void)
{
    n_sent++;
}

uint16_t outbox_high_water(void)
{
    return high_water;
}
