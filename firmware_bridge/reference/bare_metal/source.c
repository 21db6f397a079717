/* Samples that tell their own number, so that a receiver's test sees every loss, repetition and exchange.
 *
 * The chips of this board wait to be asked, however long: an emulator whose machine is busy stands still for tens of
 * milliseconds, and must not lose samples by it. An ADS129x keeps one sample, an IMU some hundred in its FIFO.
 */
#include "source.h"

/* Channel 0: a ramp, the sample's number. Channel 1: noise that bursts for a quarter of each 4096 samples, every value a
 * function of its number (Knuth's multiplicative hash). Both stay within +-1.6 mV at 48 nV a count. */
static void read_emg(uint32_t index, int32_t *values)
{
    uint32_t mixed = index * UINT32_C(2654435761) >> 16;
    bool bursts = index % 4096u < 1024u;
    values[0] = (int32_t)(index & 0xFFFFu) - 0x8000;
    values[1] = ((int32_t)mixed - 0x8000) / (bursts ? 1 : 16);
}

/* Lying still, 1 g upwards (8192 counts at +-4 g), with the sample's number in two of the axes. */
static void read_imu(uint32_t index, int32_t *values)
{
    values[0] = (int32_t)(index & 0x3Fu);
    values[1] = -(int32_t)(index >> 6 & 0x3Fu);
    values[2] = 8192;
    values[3] = 0;
    values[4] = (int32_t)(index % 201u) - 100;
    values[5] = -1;
}

source emg_source = {EMG_HZ, 0, 0, 0, read_emg};
source imu_source = {IMU_HZ, 0, 0, 0, read_imu};

void source_begin(source *from, uint64_t now_us)
{
    from->next_index = 0;
    from->next_us = now_us;
    from->remainder = 0;
}

bool source_fetch(source *from, uint64_t now_us, uint32_t *index, uint32_t *t_us, int32_t *values)
{
    if (now_us < from->next_us) {
        return false;
    }
    *index = from->next_index++;
    *t_us = (uint32_t)(from->next_us & UINT32_MAX);
    from->read(*index, values);
    from->next_us += 1000000u / from->rate_hz;
    from->remainder += 1000000u % from->rate_hz;
    if (from->remainder >= from->rate_hz) {
        from->remainder -= from->rate_hz;
        from->next_us++;
    }
    return true;
}
