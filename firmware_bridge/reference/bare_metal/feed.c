/* Samples on their way from the interrupt to the frames; see feed.h. */
#include "feed.h"

void feed_tick(feed *into, uint64_t now_us)
{
    uint32_t index;
    uint32_t t_us;
    int32_t values[FEED_CHANNELS];
    /* A full ring leaves samples with the chip: it keeps them, or loses them, and then `index` jumps. */
    while ((!into->wanted || feed_waiting(into) < FEED_SIZE) &&
           source_fetch(into->from, now_us, &index, &t_us, values)) {
        if (into->wanted) {
            sample *kept = &into->ring[into->n_written % FEED_SIZE];
            kept->index = index;
            kept->t_us = t_us;
            for (uint32_t channel = 0; channel < FEED_CHANNELS; channel++) {
                kept->values[channel] = values[channel];
            }
            into->n_written++;
        }
    }
}

void feed_begin(feed *into)
{
    into->n_read = into->n_written;
    into->wanted = true;
}

uint32_t feed_waiting(const feed *from)
{
    return from->n_written - from->n_read;
}

const sample *feed_sample(const feed *from, uint32_t ahead)
{
    return &from->ring[(from->n_read + ahead) % FEED_SIZE];
}

uint32_t feed_run(const feed *from, uint32_t most)
{
    uint32_t n = 0;
    while (n < most && feed_sample(from, n)->index == feed_sample(from, 0)->index + n) {
        n++;
    }
    return n;
}
