/* SPDX-License-Identifier: BSD-2-Clause */
#include "bench_states.h"

#include <err.h>

#include "mix_states.h"

#define PIECE_ROWS 256 /* stays in the cache */

static struct tlz_writer *open_writer(struct bench_buffer *file, uint32_t *ret_source)
{
    static const uint8_t id[16] = {1};
    struct tlz_output output = buffer_output(file);
    struct tlz_metadata *meta = tlz_metadata_new();
    struct tlz_writer *writer;

    if (!meta)
        errx(1, "no memory");
    must(tlz_metadata_set_id(meta, id), "metadata");
    must(tlz_writer_open(&writer, &output, NULL, meta), "writer");
    must(tlz_writer_add_source(writer, meta, ret_source), "source");
    tlz_metadata_free(meta);
    return writer;
}

void states_write(uint64_t seed, uint32_t sessions, bool a_block_a_second,
                  struct bench_buffer *file, struct states_written *ret)
{
    static struct tlz_row rows[PIECE_ROWS];
    uint32_t source, count = PIECE_ROWS;
    struct tlz_writer *writer = open_writer(file, &source);
    uint64_t flush_us = 0, start_ns;
    struct mix_states *mix;
    struct tlz_clock clock;

    *ret = (struct states_written){0};
    must(mix_states_open(&mix, seed, sessions), "mix");
    mix_clock(&clock);
    while (count == PIECE_ROWS) {
        count = 0;
        while (count < PIECE_ROWS && mix_states_next(mix, &rows[count]))
            count++;
        start_ns = cpu_ns();
        for (uint32_t i = 0; i < count; i++) {
            if (a_block_a_second && rows[i].value[TLZ_TIME_US].u >= flush_us) {
                must(tlz_writer_flush(writer), "flush");
                flush_us = rows[i].value[TLZ_TIME_US].u + 1000000;
            }
            must(tlz_writer_add_row(writer, TLZ_STATES, source, &clock, &rows[i]), "state");
        }
        ret->ns += cpu_ns() - start_ns;
        ret->events += count;
    }
    start_ns = cpu_ns();
    must(tlz_writer_finish(writer, NULL), "finish");
    ret->ns += cpu_ns() - start_ns;
    tlz_writer_free(writer);
    mix_states_free(mix);
}
