/* Samples on their way from the interrupt to the frames: a ring with one writer and one reader. */
#ifndef FEED_H
#define FEED_H

#include "source.h"

/* 64 ms at 2 kHz: more than the main loop ever takes. A power of two. */
#define FEED_SIZE 128u
#define FEED_CHANNELS 6u

typedef struct {
    uint32_t index;
    uint32_t t_us;
    int32_t values[FEED_CHANNELS];
} sample;

typedef struct {
    source *from;
    volatile bool wanted; /* set by the main loop: keep samples */
    volatile uint32_t n_written;
    volatile uint32_t n_read;
    sample *ring; /* FEED_SIZE of them */
} feed;

/* In the interrupt: take what is ready. Samples are counted even where they are not kept. */
void feed_tick(feed *into, uint64_t now_us);

/* In the main loop: forget what was kept, and keep samples from now on. */
void feed_begin(feed *into);

/* How many wait, and how many of the first `most` of them, which must be there, follow each other without a hole. */
uint32_t feed_waiting(const feed *from);
uint32_t feed_run(const feed *from, uint32_t most);

/* The sample `ahead` of the oldest one that waits. */
const sample *feed_sample(const feed *from, uint32_t ahead);

#endif
