/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes a capture of the reference mix to standard output.
 *
 *   mix_capture [COUNT [SEED [LEVEL [ROWS]]]]
 *
 * COUNT sessions (1,000,000), zstd's level (0 = the default), and at most so many rows a block (as
 * many as fit; 0: a block a second, as the recorder writes).
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "format/writer.h"
#include "mix.h"

static int write_stdout(void *context, const void *data, size_t size)
{
    (void)context;
    return fwrite(data, 1, size, stdout) == size ? 0 : -EIO;
}

static void check(int r, const char *what)
{
    if (r < 0)
        errx(1, "%s: %d", what, r);
}

/* True when the block should be written before that session is added. */
static bool is_block_full(uint64_t rows_max, uint64_t row, uint64_t close_us)
{
    static uint64_t flush_us;
    bool due = close_us >= flush_us;

    if (rows_max)
        return row % rows_max == 0;
    flush_us = due ? close_us + 1000000 : flush_us;
    return due;
}

int main(int argc, char **argv)
{
    uint64_t number[] = {1000000, 1, 0, TLZ_ROWS_MAX}; /* count, seed, level, rows */
    static const uint8_t id[16] = {1};
    struct tlz_output output = {.write = write_stdout};
    struct tlz_writer_options options;
    struct tlz_metadata *meta = tlz_metadata_new();
    struct tlz_writer *writer;
    struct tlz_row session;
    struct tlz_clock clock;
    struct mix *mix;
    uint32_t source;

    for (int i = 1; i < argc && i <= 4; i++)
        number[i - 1] = strtoull(argv[i], NULL, 10);
    if (!meta || tlz_metadata_set_id(meta, id) < 0)
        err(1, "metadata");
    options = (struct tlz_writer_options){.level = (int)number[2]};
    check(tlz_writer_open(&writer, &output, &options, meta), "writer");
    check(tlz_writer_add_source(writer, meta, &source), "source");
    check(mix_open(&mix, number[1]), "mix");
    mix_clock(&clock);
    for (uint64_t row = 0; row < number[0]; row++) {
        mix_next(mix, &session);
        if (is_block_full(number[3], row, session.value[TLZ_CLOSE_US].u))
            check(tlz_writer_flush(writer), "flush");
        check(tlz_writer_add_row(writer, TLZ_SESSIONS, source, &clock, &session), "session");
    }
    check(tlz_writer_finish(writer, NULL), "finish");
    mix_free(mix);
    tlz_writer_free(writer);
    tlz_metadata_free(meta);
    return fflush(stdout) == 0 ? 0 : 1;
}
