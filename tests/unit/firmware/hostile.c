/* The reference on memory of exactly the size it is told, under the address and undefined-behaviour sanitizers.
 *
 * Every buffer comes from malloc, so that one byte too far ends the program. Exits 0 when all is well.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oml.h"

static uint32_t state = 1;

static uint32_t chance(uint32_t below)
{
    state = state * 1664525u + 1013904223u; /* Numerical Recipes' generator */
    return (uint32_t)(((uint64_t)state * below) >> 32);
}

static uint8_t *random_bytes(size_t n, uint32_t zeros)
{
    uint8_t *data = malloc(n > 0 ? n : 1);
    for (size_t at = 0; at < n; at++) {
        data[at] = chance(100) < zeros ? 0 : (uint8_t)chance(256);
    }
    return data;
}

static void fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    exit(1);
}

static void write_frames(void)
{
    for (size_t size = 0; size < 300; size++) {
        uint8_t *frame = malloc(size > 0 ? size : 1);
        oml_writer out;
        oml_stream stream = {1, (uint16_t)chance(65536), OML_CLOCK_RESTARTED};
        oml_header header = {OML_DATA, 0, 0, chance(UINT32_MAX), chance(UINT32_MAX), 1, 0, 1, 0};
        oml_desc desc = {OML_EMG, OML_I24, 8, 2000, 1, 0, INT32_MIN, 9};
        oml_channel channel = {0, OML_VOLT, OML_X, 1, OML_F32_1, OML_F32_0, INT32_MIN, "glute R"};
        oml_time time = {UINT64_MAX, 1, 2, 3, 4};
        oml_status status = {1, 2, 3, 4, INT8_MIN, INT8_MIN, 5};
        int32_t samples[4] = {INT32_MIN, INT32_MAX, -1, 0};
        oml_number(&stream, &header);
        oml_begin(&out, frame, size, &header);
        oml_put_desc(&out, &desc);
        oml_put_channel(&out, &channel);
        oml_put_time(&out, &time);
        oml_put_status(&out, &status);
        for (unsigned format = OML_I16; format <= OML_F32; format++) {
            oml_put_samples(&out, samples, 4, format);
        }
        size_t needed = out.used + 2;
        size_t n = oml_end(&out);
        if (n != (size < needed ? 0 : needed) || (n != 0 && !oml_is_whole(frame, n))) {
            fail("a frame fits or not");
        }
        free(frame);
    }
}

static void stuff_and_back(void)
{
    for (size_t n = 0; n < 520; n++) {
        uint8_t *frame = random_bytes(n, chance(100));
        uint8_t *line = malloc(OML_STUFFED_SIZE(n));
        size_t used = oml_stuff(line, OML_STUFFED_SIZE(n), frame, n);
        if (used == 0 || line[used - 1] != 0 || memchr(line, 0, used) != line + used - 1) {
            fail("stuffed bytes end with their only zero");
        }
        uint8_t *exact = malloc(used);
        if (oml_stuff(exact, used, frame, n) != used || memcmp(exact, line, used) != 0) {
            fail("exactly enough memory is enough");
        }
        free(exact);
        for (size_t size = used > 3 ? used - 3 : 0; size < used; size++) {
            uint8_t *short_line = malloc(size > 0 ? size : 1);
            if (oml_stuff(short_line, size, frame, n) != 0) {
                fail("too little memory is too little");
            }
            free(short_line);
        }
        uint8_t *back = malloc(used - 1);
        memcpy(back, line, used - 1);
        if (oml_unstuff(back, used - 1) != n || memcmp(back, frame, n) != 0) {
            fail("what was stuffed comes back");
        }
        free(back);
        free(line);
        free(frame);
    }
}

static void read_garbage(void)
{
    for (int turn = 0; turn < 20000; turn++) {
        size_t n = chance(70);
        uint8_t *data = random_bytes(n, 5);
        oml_command command;
        if (oml_read_command(&command, data, n) && !oml_is_whole(data, n)) {
            fail("a command in no frame");
        }
        (void)oml_unstuff(data, n);
        free(data);
    }
    oml_reader reader = {malloc(40), 40, 0};
    for (long at = 0; at < 200000; at++) {
        if (oml_take(&reader, chance(30) == 0 ? 0 : (uint8_t)chance(256)) > 40) {
            fail("a frame longer than its memory");
        }
    }
    free(reader.data);
    for (unsigned stream = 0; stream < 256; stream++) {
        uint8_t *mask = random_bytes(3, 0);
        oml_command start = {OML_START, 0, mask, 3};
        (void)oml_starts(&start, stream);
        free(mask);
    }
}

int main(void)
{
    write_frames();
    stuff_and_back();
    read_garbage();
    return 0;
}
