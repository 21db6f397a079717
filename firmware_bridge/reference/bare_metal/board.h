/* What the sensor needs of a board: a microsecond counter, a tick, a serial line, sleep. Everything below is replaced
 * when the firmware moves to another chip; nothing else is.
 */
#ifndef BOARD_H
#define BOARD_H

#include <stdbool.h>
#include <stdint.h>

/* How often the tick comes; stands for the converter's data-ready line. */
#define BOARD_TICK_HZ 2000u
/* What the counter behind `board_now_us` runs at. */
#define BOARD_CLOCK_HZ 25000000u

/* Start the counter, the tick and the serial line. `on_tick` is called in an interrupt. */
void board_start(void (*on_tick)(void));

/* Microseconds since the board started, from the hardware counter; may be called anywhere. */
uint64_t board_now_us(void);

/* Send a byte; false when the line is still busy with the one before. */
bool board_send(uint8_t byte);

/* Fetch a received byte; false when there is none. */
bool board_receive(uint8_t *byte);

/* Sleep until the next interrupt, unless there is something to do: a received byte, or a free line and bytes to send. */
void board_sleep(bool has_bytes_to_send);

#endif
