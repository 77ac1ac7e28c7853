/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bytes a session on the reference mix. The bounds are what was reached, and a little, since zstd's
 * versions differ; lower them when the format gets better. The targets are 20 bytes for every
 * field, and 14 for what tcplife shows, in full blocks.
 */
#include <stdio.h>

#include "bench_states.h"
#include "bench_write.h"

#define SESSIONS 100000u

static const struct {
    struct way way;
    double most; /* bytes a session */
} cases[] = {
    {{"every_field", FORM_SESSION, PACK_TLZ, 0, 0}, 24.2},
    {{"every_field_a_block_a_second", FORM_SESSION, PACK_TLZ, 0, BLOCK_A_SECOND}, 26.1},
    {{"shown", FORM_SHOWN, PACK_TLZ, 0, 0}, 14.0},
    {{"shown_a_block_a_second", FORM_SHOWN, PACK_TLZ, 0, BLOCK_A_SECOND}, 15.1},
};
#define CASES (sizeof cases / sizeof *cases)

/* Changes of state, of which 12 bytes are the target. */
#define STATE_BYTES 12.0

static bool check_states(const char *name, bool a_block_a_second)
{
    struct bench_buffer file = {0};
    struct states_written written;
    double bytes;

    states_write(1, SESSIONS, a_block_a_second, &file, &written);
    bytes = (double)file.size / (double)written.events;
    buffer_free(&file);
    if (bytes > STATE_BYTES) {
        printf("FAIL %s: %.2f bytes a change of state, over %.2f\n", name, bytes, STATE_BYTES);
        return false;
    }
    printf("PASS %s\n# %.2f bytes a change of state\n", name, bytes);
    return true;
}

int main(void)
{
    static struct chunk chunk;
    struct written files[CASES];
    struct mix *mix;
    int failed = 0;

    must(mix_open(&mix, 1), "mix");
    for (size_t i = 0; i < CASES; i++)
        written_open(&files[i], &cases[i].way);
    for (uint32_t row = 0; row < SESSIONS; row += chunk.rows) {
        chunk_fill(&chunk, mix, SESSIONS - row < CHUNK_ROWS ? SESSIONS - row : CHUNK_ROWS);
        for (size_t i = 0; i < CASES; i++)
            written_add(&files[i], &chunk);
    }
    for (size_t i = 0; i < CASES; i++) {
        double bytes;

        written_finish(&files[i]);
        bytes = (double)files[i].file.size / SESSIONS;
        if (bytes > cases[i].most) {
            printf("FAIL %s: %.2f bytes a session, over %.2f\n", cases[i].way.name, bytes,
                   cases[i].most);
            failed = 1;
        } else {
            printf("PASS %s\n", cases[i].way.name);
        }
        written_close(&files[i]);
    }
    mix_free(mix);
    failed |= !check_states("states", false);
    failed |= !check_states("states_a_block_a_second", true);
    return failed;
}
