/* Open Muscle Link 1 for a sensor: frames out, commands in. Specification: docs/wire.md.
 *
 * C99, no allocation, no floating point, no call to any system. Every function works on the caller's memory and is
 * reentrant. Under 1 KiB of code on a Cortex-M (tests/unit/firmware measures it).
 *
 *     uint8_t frame[OML_MAX_FRAME_RADIO];
 *     oml_writer out;
 *     oml_header header = {.type = OML_DATA, .index = first, .t_us = latched, .n = 37, .desc_id = 1};
 *     oml_number(&emg, &header);                     // stream, seq and the flags that are due
 *     oml_begin(&out, frame, sizeof frame, &header);
 *     oml_put_samples(&out, counts, 37 * 2, OML_I24);
 *     size_t n = oml_end(&out);                      // 0 when it did not fit
 *     notify(frame, n);                              // radio: as it is
 *     n = oml_stuff(line, sizeof line, frame, n);    // cable: stuffed, border included
 */
#ifndef OML_H
#define OML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OML_VERSION 1u
#define OML_HEADER_SIZE 16u
#define OML_MIN_FRAME 18u
#define OML_MAX_FRAME_RADIO 244u /* one notification: MTU 247 less 3 bytes of attribute header */
#define OML_MAX_FRAME_CABLE 512u
#define OML_CONTROL_STREAM 255u

/* Most bytes that a frame of n bytes takes on a cable, border included. */
#define OML_STUFFED_SIZE(n) ((n) + (n) / 254u + 2u)

/* Frame types, the version in the high nibble: they are the first byte. */
enum {
    OML_DATA = 0x10,
    OML_DESC = 0x11,
    OML_TIME = 0x12,
    OML_EVENT = 0x13,
    OML_STATUS = 0x14,
    OML_CMD = 0x18,
    OML_RSP = 0x19
};

enum {
    OML_CLIP = 1,
    OML_LEAD_OFF = 2,
    OML_DROPPED_BEFORE = 4,
    OML_HARDWARE_SYNCED = 8,
    OML_CLOCK_RESTARTED = 16
};

enum { OML_EMG = 1, OML_IMU = 2, OML_ANALOG = 3 }; /* kinds of streams */
enum { OML_I16 = 1, OML_I24 = 2, OML_I32 = 3, OML_F32 = 4 }; /* formats of samples */
enum { OML_X = 0, OML_Y = 1, OML_Z = 2, OML_W = 3 }; /* axes */
enum { OML_LEFT = 0x80, OML_RIGHT = 0x40 }; /* sides, or'ed to a site of docs/wire.md */
/* Capabilities: the sensor is software; it gives its data to a bonded host alone. */
enum { OML_SIMULATED = 0x8000, OML_NEEDS_BOND = 0x4000 };

enum {
    OML_VOLT = 1,
    OML_ACCELERATION = 2,
    OML_ANGULAR_RATE = 3,
    OML_MAGNETIC_FIELD = 4,
    OML_QUATERNION = 5,
    OML_TEMPERATURE = 6
};

enum {
    OML_HELLO = 0,
    OML_GET_DESC = 1,
    OML_START = 2,
    OML_STOP = 3,
    OML_SET_RATE = 4,
    OML_SET_GAIN = 5,
    OML_PING = 6,
    OML_SYNC_ARM = 7,
    OML_IDENTIFY = 8,
    OML_TEST_SIGNAL = 9,
    OML_SET_LEAD_OFF = 10,
    OML_RESEND = 11
};

enum { OML_BUTTON = 1, OML_TRIGGER = 2, OML_SYNC_PULSE = 3, OML_TAP = 4, OML_OVERFLOW = 5 };

enum { OML_OK = 0, OML_UNKNOWN_OP = 1, OML_BAD_ARGUMENT = 2, OML_REFUSED = 3 };

/* Scales as the bits of an IEEE 754 single, so that no compiler has to know floating point. For another one:
 *     python3 -c "import struct; print(hex(struct.unpack('<I', struct.pack('<f', 2.42 / 12 / (2**23 - 1)))[0]))"
 */
#define OML_F32_0 UINT32_C(0x00000000)
#define OML_F32_1 UINT32_C(0x3F800000)
/* V a count of an ADS129x at its 2.42 V reference: 2.42 / gain / (2^23 - 1); ADS1292R data sheet (SBAS502C) 8.4 */
#define OML_F32_ADS129X_GAIN6 UINT32_C(0x334E81B7)
#define OML_F32_ADS129X_GAIN12 UINT32_C(0x32CE81B7)
/* m/s^2 a count at +-4 g over 2^15, 9.80665 m/s^2 each */
#define OML_F32_ACC_4G UINT32_C(0x3A9CE80A)
/* rad/s a count at 17.5 mdps, the +-500 dps range of ST's LSM6DS family */
#define OML_F32_GYR_500DPS UINT32_C(0x39A02279)

typedef struct {
    uint8_t type; /* OML_DATA, ... */
    uint8_t stream;
    uint16_t seq;
    uint32_t index;
    uint32_t t_us;
    uint8_t n;
    uint8_t flags;
    uint8_t desc_id;
    uint8_t aux;
} oml_header;

/* What a stream must remember from frame to frame. A device that starts: {id, 0, OML_CLOCK_RESTARTED}. */
typedef struct {
    uint8_t id;
    uint16_t seq;
    uint8_t flags; /* due on the next frame */
} oml_stream;

/* Head of a descriptor; `channels` calls of oml_put_channel must follow. */
typedef struct {
    uint8_t kind;
    uint8_t format;
    uint8_t channels;
    uint32_t rate_num;
    uint32_t rate_den;
    uint32_t clock_hz;
    int32_t latency_us;
    uint32_t max_n; /* most samples in a frame; 16 bits on the wire, the upper half is reserved and 0 */
} oml_desc;

typedef struct {
    uint8_t channel;
    uint8_t quantity;
    uint8_t axis;
    uint8_t site;
    uint32_t scale;  /* bits of an IEEE 754 single */
    uint32_t offset; /* likewise */
    int32_t skew_ns;
    char label[8]; /* padded with zero bytes */
} oml_channel;

typedef struct {
    uint64_t t_us;
    uint32_t boot_id;
    uint32_t sync_count;
    uint64_t last_sync_t_us;
    uint32_t dropped_total;
} oml_time;

typedef struct {
    uint16_t kind; /* OML_BUTTON, ... */
    uint16_t arg;
    uint64_t t_us;
} oml_event;

typedef struct {
    uint16_t battery_mv;
    uint16_t flags;
    uint32_t dropped_frames;
    uint32_t dropped_samples;
    int8_t rssi_dbm;
    int8_t temperature_c;
    uint16_t queue_high_water;
} oml_status;

/* Who the sensor is: `uid` is unique, and the same for its whole life. */
typedef struct {
    uint8_t uid[8];
    uint16_t firmware;
    uint16_t capabilities;
} oml_identity;

typedef struct {
    uint8_t op;
    uint8_t tag;
    const uint8_t *args; /* inside the frame that was read */
    size_t n_args;
} oml_command;

/* A frame being written. Bytes that do not fit are counted, not written. */
typedef struct {
    uint8_t *data;
    size_t size;
    size_t used;
} oml_writer;

/* Bytes from a cable, being collected up to the next border. */
typedef struct {
    uint8_t *data;
    size_t size;
    size_t used;
} oml_reader;

/* --- frames out */

/* Fill in `stream`, `seq` and the flags that are due, and count. Once for each frame, just before it is queued: a frame
 * that is dropped takes no number. */
void oml_number(oml_stream *stream, oml_header *header);

/* Take note that samples of this stream were dropped: its next DATA frame will say so. */
void oml_dropped(oml_stream *stream);

void oml_begin(oml_writer *out, uint8_t *data, size_t size, const oml_header *header);
/* The `width` (1 to 4) low bytes of a number, low byte first. */
void oml_put(oml_writer *out, uint32_t value, unsigned width);
void oml_put_u64(oml_writer *out, uint64_t value);
void oml_put_bytes(oml_writer *out, const void *bytes, size_t n);
/* Samples, interleaved; integers beyond the format's range are clipped to it. For OML_F32 give the bits. */
void oml_put_samples(oml_writer *out, const int32_t *values, size_t n, unsigned format);
void oml_put_desc(oml_writer *out, const oml_desc *desc);
void oml_put_channel(oml_writer *out, const oml_channel *channel);
void oml_put_time(oml_writer *out, const oml_time *time);
void oml_put_event(oml_writer *out, const oml_event *event);
void oml_put_status(oml_writer *out, const oml_status *status);
/* Head of an answer; its data, if any, follows. */
void oml_put_response(oml_writer *out, const oml_command *command, uint8_t status);
void oml_put_hello(oml_writer *out, const oml_identity *identity);
/* Add the checksum. Return the length of the frame, or 0 when `size` was too small for it. */
size_t oml_end(oml_writer *out);

/* Write a frame as it goes over a cable, border included. Return the length, or 0 when it does not fit into `size`.
 * `out` must not overlap `frame`. */
size_t oml_stuff(uint8_t *out, size_t size, const uint8_t *frame, size_t n);

/* --- commands in */

/* Take the next byte of a cable. Return the length of the frame (checksum not yet looked at) that this byte ends, now
 * unstuffed at `reader->data`, or 0. Frames longer than `size` are skipped. */
size_t oml_take(oml_reader *reader, uint8_t byte);

/* Remove the stuffing of n bytes, border not included, in place. Return the length, or 0 for bytes that cannot be. */
size_t oml_unstuff(uint8_t *data, size_t n);

/* Whether n bytes are a frame: right length, right checksum. */
bool oml_is_whole(const uint8_t *frame, size_t n);

/* Read a CMD frame. False when it is damaged, of another version, or no command. */
bool oml_read_command(oml_command *command, const uint8_t *frame, size_t n);

/* Whether START asks for this stream: its argument is a bit mask of any length, none means all. */
bool oml_starts(const oml_command *command, unsigned stream);

uint16_t oml_checksum(const uint8_t *data, size_t n);

#endif
