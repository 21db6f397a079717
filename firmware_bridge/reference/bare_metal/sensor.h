/* The sensor's side of OML/1: samples become frames, commands are obeyed. */
#ifndef SENSOR_H
#define SENSOR_H

#include <stdint.h>

/* In the data-ready interrupt. */
void sensor_tick(uint64_t now_us);

/* In the main loop: a byte from the host, and what is due. Frames go to the outbox. */
void sensor_hear(uint8_t byte, uint64_t now_us);
void sensor_work(uint64_t now_us);

#endif
