/* What this sensor is and measures: all that a maker fills in. */
#ifndef STREAMS_H
#define STREAMS_H

#include "../oml.h"

typedef struct {
    oml_desc desc;
    uint32_t shortest; /* fewest samples in a frame; the most are desc.max_n */
    const oml_channel *channels;
} stream_plan;

extern const oml_identity identity;
extern const stream_plan emg_plan;
extern const stream_plan imu_plan;

#endif
