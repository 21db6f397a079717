/* What this sensor is and measures; see streams.h. */
#include "streams.h"

#include "board.h"
#include "source.h"

enum { GLUTEUS_MAXIMUS = 1, BICEPS_FEMORIS = 2, PELVIS = 10 }; /* docs/wire.md, section 3 */

/* On a real board the chip's own id: FICR DEVICEID of an nRF52, the base MAC address of an ESP32. */
const oml_identity identity = {{'m', 'p', 's', '2', 'q', 'e', 'm', 'u'}, 0x0100, OML_SIMULATED};

static const oml_channel emg_channels[EMG_CHANNELS] = {
    {0, OML_VOLT, OML_X, OML_RIGHT | GLUTEUS_MAXIMUS, OML_F32_ADS129X_GAIN6, OML_F32_0, 0, "glute R"},
    {1, OML_VOLT, OML_X, OML_RIGHT | BICEPS_FEMORIS, OML_F32_ADS129X_GAIN6, OML_F32_0, 0, "ham R"},
};

#define AXIS(number, quantity, axis, scale, label) {number, quantity, axis, PELVIS, scale, OML_F32_0, 0, label}
static const oml_channel imu_channels[IMU_CHANNELS] = {
    AXIS(0, OML_ACCELERATION, OML_X, OML_F32_ACC_4G, "ax"),
    AXIS(1, OML_ACCELERATION, OML_Y, OML_F32_ACC_4G, "ay"),
    AXIS(2, OML_ACCELERATION, OML_Z, OML_F32_ACC_4G, "az"),
    AXIS(3, OML_ANGULAR_RATE, OML_X, OML_F32_GYR_500DPS, "gx"),
    AXIS(4, OML_ANGULAR_RATE, OML_Y, OML_F32_GYR_500DPS, "gy"),
    AXIS(5, OML_ANGULAR_RATE, OML_Z, OML_F32_GYR_500DPS, "gz"),
};

/* 25 to 37 samples of 6 bytes: 37 are what a notification of 244 bytes holds. No filter delays a synthetic sample, so
 * latency is 0; a converter's is in docs/firmware.md. */
const stream_plan emg_plan = {
    {OML_EMG, OML_I24, EMG_CHANNELS, EMG_HZ, 1, BOARD_CLOCK_HZ, 0, 37},
    25,
    emg_channels,
};

/* 4 to 6 samples: 19 to 29 ms. */
const stream_plan imu_plan = {
    {OML_IMU, OML_I16, IMU_CHANNELS, IMU_HZ, 1, BOARD_CLOCK_HZ, 0, 6},
    4,
    imu_channels,
};
