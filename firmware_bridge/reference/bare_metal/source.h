/* Where the samples come from. Here a synthetic converter and a synthetic IMU; on a real board their drivers. */
#ifndef SOURCE_H
#define SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#ifndef EMG_HZ
#define EMG_HZ 2000u
#endif
#define IMU_HZ 208u
#define EMG_CHANNELS 2u
#define IMU_CHANNELS 6u

/* One chip that samples all its channels at once. */
typedef struct {
    uint32_t rate_hz;
    uint32_t next_index;
    uint64_t next_us;   /* when the next sample is ready */
    uint32_t remainder; /* of 1000000 / rate_hz, so that the period is right on the average */
    void (*read)(uint32_t index, int32_t *values);
} source;

extern source emg_source;
extern source imu_source;

void source_begin(source *from, uint64_t now_us);

/* Fetch the next sample if it is ready. `t_us` is the moment at which the data-ready line rose, not that of the call. */
bool source_fetch(source *from, uint64_t now_us, uint32_t *index, uint32_t *t_us, int32_t *values);

#endif
