/* A sensor without an operating system: the interrupt samples, the main loop talks. */
#include "board.h"
#include "outbox.h"
#include "sensor.h"

static void on_tick(void)
{
    sensor_tick(board_now_us());
}

int main(void)
{
    board_start(on_tick);
    for (;;) {
        uint8_t byte;
        while (board_receive(&byte)) {
            sensor_hear(byte, board_now_us());
        }
        sensor_work(board_now_us());
        bool waiting = outbox_peek(&byte);
        while (waiting && board_send(byte)) {
            outbox_sent();
            waiting = outbox_peek(&byte);
        }
        board_sleep(waiting);
    }
}
