/* From reset to main: vector table, .data, .bss. Armv7-M Architecture Reference Manual (DDI 0403E) B1.5.3. */
#include <stdint.h>

extern uint32_t stack_top, data_start, data_end, data_stored, bss_start, bss_end;

int main(void);
void reset(void);
void halt(void);
void timer0_interrupt(void);
void uart0_rx_interrupt(void);
void uart0_tx_interrupt(void);

void reset(void)
{
    uint32_t *from = &data_stored;
    for (uint32_t *to = &data_start; to < &data_end; to++) {
        *to = *from++;
    }
    for (uint32_t *to = &bss_start; to < &bss_end; to++) {
        *to = 0;
    }
    (void)main();
    halt();
}

/* A fault, or an interrupt that nobody asked for: stand still, so that a debugger finds it. */
void halt(void)
{
    for (;;) {
    }
}

typedef void (*handler)(void);

/* The first entry is the stack's top, not a function; a union keeps the table a constant in standard C. */
typedef union {
    uint32_t *stack;
    handler run;
} vector;

__attribute__((section(".vectors"), used)) static const vector vectors[16 + 9] = {
    {.stack = &stack_top},
    {.run = reset},
    {.run = halt}, /* NMI */
    {.run = halt}, /* hard fault */
    {.run = halt}, /* memory management */
    {.run = halt}, /* bus fault */
    {.run = halt}, /* usage fault */
    [11] = {.run = halt}, /* SVCall */
    [12] = {.run = halt}, /* debug monitor */
    [14] = {.run = halt}, /* PendSV */
    [15] = {.run = halt}, /* SysTick */
    [16 + 0] = {.run = uart0_rx_interrupt},
    [16 + 1] = {.run = uart0_tx_interrupt},
    [16 + 8] = {.run = timer0_interrupt},
};
