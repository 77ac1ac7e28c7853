/* SPDX-License-Identifier: BSD-2-Clause */
/* The ways of writing sessions that are compared. */
#ifndef BENCH_WRITE_H
#define BENCH_WRITE_H

#include "bench_buffer.h"
#include "bench_shown.h"
#include "mix.h"

/* So many go to one way after the other, which then finds its memory as it left it in the cache. */
#define CHUNK_ROWS 16384

/* Some sessions in all the forms that are written. */
struct chunk {
    uint32_t rows;
    struct event event[CHUNK_ROWS];
    struct tlz_row session[CHUNK_ROWS];
    struct tlz_row shown[CHUNK_ROWS];
    struct shown_record record[CHUNK_ROWS];
    char csv[CHUNK_ROWS * SHOWN_CSV_MAX];
    size_t csv_size;
};

/* The next rows of the mix. */
void chunk_fill(struct chunk *ret, struct mix *mix, uint32_t rows);

/* Which form of a session a way writes, and how. */
enum form { FORM_SESSION, FORM_SHOWN, FORM_EVENTS, FORM_RECORDS, FORM_CSV };
enum packing { PACK_TLZ, PACK_ZSTD, PACK_GZIP, PACK_NONE };

struct way {
    const char *name;
    enum form form;
    enum packing packing;
    int level;         /* 0 = the default */
    uint32_t rows_max; /* rows a block: 0 = full blocks; BLOCK_A_SECOND */
};
#define BLOCK_A_SECOND 1

/* One file being written in one way. */
struct written {
    const struct way *way;
    struct bench_buffer file;
    uint64_t ns; /* of the processor, for all that was added */
    uint64_t rows;
    struct tlz_writer *writer;
    uint32_t source;
    struct tlz_clock clock;
    uint64_t flush_us;
    void *stream;
};

void written_open(struct written *w, const struct way *way);
void written_add(struct written *w, const struct chunk *chunk);
void written_finish(struct written *w);

/* Frees the file. */
void written_close(struct written *w);

#endif
