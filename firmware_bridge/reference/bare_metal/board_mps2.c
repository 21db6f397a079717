/* An Arm MPS2 board with the AN385 image: Cortex-M3 at 25 MHz, as qemu-system-arm -M mps2-an385 emulates it.
 *
 * Sources: Arm Application Note AN385 (DAI 0385D), "ARM Cortex-M3 SMM on V2M-MPS2", chapters 3 and 4: memory map, interrupts,
 * FPGA system control and I/O; Cortex-M System Design Kit TRM (DDI 0479D) 4.2 timer, 4.3 UART.
 */
#include "board.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))

#define TIMER_CTRL REGISTER(0x40000000u)
#define TIMER_VALUE REGISTER(0x40000004u)
#define TIMER_RELOAD REGISTER(0x40000008u)
#define TIMER_INTCLEAR REGISTER(0x4000000Cu)
#define UART_DATA REGISTER(0x40004000u)
#define UART_STATE REGISTER(0x40004004u)
#define UART_CTRL REGISTER(0x40004008u)
#define UART_INTCLEAR REGISTER(0x4000400Cu)
#define UART_BAUDDIV REGISTER(0x40004010u)
#define FPGAIO_COUNTER REGISTER(0x40028018u)
#define FPGAIO_PRESCALE REGISTER(0x4002801Cu)
#define NVIC_ISER0 REGISTER(0xE000E100u)

enum { TIMER_ENABLE = 1, TIMER_INTERRUPT = 8 };
enum { UART_TX_FULL = 1, UART_RX_FULL = 2 };
enum { UART_TX_ENABLE = 1, UART_RX_ENABLE = 2, UART_TX_INTERRUPT = 4, UART_RX_INTERRUPT = 8 };
enum { UART_TX_DONE = 1, UART_RX_DONE = 2 };
enum { IRQ_UART0_RX = 0, IRQ_UART0_TX = 1, IRQ_TIMER0 = 8 };

#define BAUD_RATE 921600u
#define RECEIVED_SIZE 128u /* a power of two, more than the longest command */

static void (*tick)(void);
static uint64_t now_us;
static volatile uint8_t received[RECEIVED_SIZE];
static volatile uint32_t n_received; /* written by the interrupt */
static uint32_t n_fetched;           /* written by board_receive */

static uint32_t interrupts_off(void)
{
    uint32_t mask;
    __asm__ volatile("mrs %0, primask\n cpsid i" : "=r"(mask) : : "memory");
    return mask;
}

static void interrupts_restore(uint32_t mask)
{
    __asm__ volatile("msr primask, %0" : : "r"(mask) : "memory");
}

void board_start(void (*on_tick)(void))
{
    tick = on_tick;
    FPGAIO_PRESCALE = BOARD_CLOCK_HZ / 1000000u - 1u; /* the counter then counts microseconds */
    FPGAIO_COUNTER = 0;
    UART_BAUDDIV = BOARD_CLOCK_HZ / BAUD_RATE;
    UART_CTRL = UART_TX_ENABLE | UART_RX_ENABLE | UART_TX_INTERRUPT | UART_RX_INTERRUPT;
    TIMER_RELOAD = TIMER_VALUE = BOARD_CLOCK_HZ / BOARD_TICK_HZ - 1u;
    TIMER_CTRL = TIMER_ENABLE | TIMER_INTERRUPT;
    NVIC_ISER0 = 1u << IRQ_UART0_RX | 1u << IRQ_UART0_TX | 1u << IRQ_TIMER0;
}

uint64_t board_now_us(void)
{
    uint32_t mask = interrupts_off();
    /* The tick asks far more often than the 71.6 min in which the counter wraps. */
    now_us += (uint32_t)(FPGAIO_COUNTER - (uint32_t)(now_us & UINT32_MAX));
    uint64_t result = now_us;
    interrupts_restore(mask);
    return result;
}

bool board_send(uint8_t byte)
{
    if ((UART_STATE & UART_TX_FULL) != 0) {
        return false;
    }
    UART_DATA = byte;
    return true;
}

bool board_receive(uint8_t *byte)
{
    if (n_fetched == n_received) {
        return false;
    }
    *byte = received[n_fetched % RECEIVED_SIZE];
    n_fetched++;
    return true;
}

void board_sleep(bool has_bytes_to_send)
{
    /* With interrupts off: one that came after the question would else be slept through. WFI wakes all the same. */
    uint32_t mask = interrupts_off();
    bool line_is_free = (UART_STATE & UART_TX_FULL) == 0;
    if (n_fetched == n_received && !(has_bytes_to_send && line_is_free)) {
        __asm__ volatile("wfi" : : : "memory");
    }
    interrupts_restore(mask);
}

void timer0_interrupt(void);
void uart0_rx_interrupt(void);
void uart0_tx_interrupt(void);

void timer0_interrupt(void)
{
    TIMER_INTCLEAR = 1;
    tick();
}

void uart0_rx_interrupt(void)
{
    UART_INTCLEAR = UART_RX_DONE;
    while ((UART_STATE & UART_RX_FULL) != 0) {
        uint8_t byte = (uint8_t)(UART_DATA & 0xFFu);
        /* A byte that finds no room costs a command, which the host sends again. */
        if (n_received - n_fetched < RECEIVED_SIZE) {
            received[n_received % RECEIVED_SIZE] = byte;
            n_received++;
        }
    }
}

/* Only there to wake the main loop, which sends the next byte. */
void uart0_tx_interrupt(void)
{
    UART_INTCLEAR = UART_TX_DONE;
}
