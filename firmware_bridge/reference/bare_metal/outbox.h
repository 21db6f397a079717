/* Frames on their way to the line: numbered, stuffed, kept until the line takes them. */
#ifndef OUTBOX_H
#define OUTBOX_H

#include "../oml.h"

/* Whether the longest frame has room. Ask before `outbox_begin`: a frame that is dropped must take no number. */
bool outbox_has_room(void);

/* Begin a frame; there is one at a time. `header` needs its type, index, time and length. */
oml_writer *outbox_begin(oml_stream *stream, oml_header *header);
void outbox_finish(oml_writer *out);

/* The next byte for the line: look at it, and remove it once the line has taken it. */
bool outbox_peek(uint8_t *byte);
void outbox_sent(void);

/* Most bytes that have waited so far. */
uint16_t outbox_high_water(void);

#endif
