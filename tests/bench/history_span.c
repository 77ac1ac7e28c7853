/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How long a time of the reference mix is kept in memory (tcplife-record --snapshot), by the rate.
 *
 *   history_span [BYTES [FLUSH_SECONDS]]
 *
 * BYTES of memory (64 MB), a block every so many seconds (10) or of TLZ_ROWS_MAX sessions. The
 * memory that the process takes is said when it has gone round once, and when it has three times.
 */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "mix.h"
#include "record/history.h"

static struct history history;

static int write_history(void *context, const void *data, size_t size)
{
    (void)context;
    return history_write(&history, 0, data, size);
}

static void check(int r, const char *what)
{
    if (r < 0)
        errx(1, "%s: %d", what, r);
}

static uint64_t sessions_kept(void)
{
    struct tlz_copied_block block;
    uint64_t position = history.tail, sessions = 0;

    while (history_next(&history, &position, history.head, &block))
        sessions += block.rows;
    return sessions;
}

static uint64_t resident_kb(void)
{
    FILE *f = fopen("/proc/self/status", "re");
    char line[128];
    uint64_t kb = 0;

    while (f && fgets(line, sizeof line, f))
        sscanf(line, "VmRSS: %" SCNu64, &kb);
    if (f)
        fclose(f);
    return kb;
}

static void measure(uint64_t bytes, double flush_s, double rate)
{
    static const uint8_t id[16] = {1};
    struct tlz_output output = {.write = write_history};
    struct tlz_metadata *meta = tlz_metadata_new();
    uint64_t block_rows = rate * flush_s < 1              ? 1
                          : rate * flush_s < TLZ_ROWS_MAX ? (uint64_t)(rate * flush_s)
                                                          : TLZ_ROWS_MAX;
    uint64_t once_kb = 0, kept;
    struct tlz_writer *writer;
    struct tlz_row session;
    struct tlz_clock clock;
    struct mix *mix;
    uint32_t source;

    check(history_open(&history, bytes, 0), "memory");
    check(tlz_metadata_set_id(meta, id), "metadata");
    check(tlz_writer_open(&writer, &output, NULL, meta), "writer");
    check(tlz_writer_add_source(writer, meta, &source), "source");
    check(mix_open(&mix, 1), "mix");
    mix_clock(&clock);
    for (uint64_t row = 0; history.head < 3 * bytes; row++) {
        mix_next(mix, &session);
        if (row % block_rows == 0)
            check(tlz_writer_flush(writer), "flush");
        check(tlz_writer_add_row(writer, TLZ_SESSIONS, source, &clock, &session), "session");
        if (!once_kb && history.head > bytes + bytes / 8)
            once_kb = resident_kb();
    }
    kept = sessions_kept();
    printf("%8.0f/s: %9" PRIu64 " sessions, %5.1f bytes each, %10.1f minutes; memory %" PRIu64
           " KB, then %" PRIu64 " KB\n",
           rate, kept, (double)bytes / (double)kept, (double)kept / rate / 60, once_kb,
           resident_kb());
    mix_free(mix);
    tlz_writer_free(writer);
    tlz_metadata_free(meta);
    history_close(&history);
}

int main(int argc, char **argv)
{
    static const double rates[] = {1, 10, 100, 1000, 3500, 10000, 50000};
    uint64_t bytes = argc > 1 ? strtoull(argv[1], NULL, 10) : UINT64_C(64) << 20;
    double flush_s = argc > 2 ? strtod(argv[2], NULL) : 10;

    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++)
        measure(bytes, flush_s, rates[i]);
    return 0;
}
