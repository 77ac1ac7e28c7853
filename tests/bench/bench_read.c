/* SPDX-License-Identifier: BSD-2-Clause */
#include "bench_read.h"

#include <err.h>
#include <stdlib.h>

#include <zstd.h>

#define TOP     20
#define SERVICE 443

struct top_row {
    uint64_t us;
    uint64_t tx_bytes;
    struct tlz_bytes raddr;
};

/* The longest so far, as a heap with the shortest of them first. */
struct top {
    struct top_row row[TOP];
    uint32_t count;
};

static void sift_down(struct top *top, struct top_row row)
{
    uint32_t at = 0, child;

    while ((child = 2 * at + 1) < top->count) {
        child += child + 1 < top->count && top->row[child + 1].us < top->row[child].us;
        if (top->row[child].us >= row.us)
            break;
        top->row[at] = top->row[child];
        at = child;
    }
    top->row[at] = row;
}

static void top_add(struct top *top, struct top_row row)
{
    if (top->count == TOP) {
        sift_down(top, row);
        return;
    }
    top->row[top->count++] = row;
    for (uint32_t at = top->count - 1; at > 0 && top->row[(at - 1) / 2].us > row.us;) {
        top->row[at] = top->row[(at - 1) / 2];
        top->row[at = (at - 1) / 2] = row;
    }
}

static bool top_wants(const struct top *top, uint64_t us)
{
    return top->count < TOP || us > top->row[0].us;
}

static struct tlz_reader *open_reader(struct bench_buffer *file)
{
    struct tlz_input input = buffer_input(file);
    struct tlz_reader *reader;

    must(tlz_reader_open(&reader, &input), "reader");
    return reader;
}

void read_all(struct bench_buffer *file, struct found *ret)
{
    struct tlz_reader *reader = open_reader(file);
    struct tlz_item item;
    int r;

    *ret = (struct found){0};
    while ((r = tlz_reader_next(reader, &item)) > 0) {
        if (tlz_item_has(&item, TLZ_SESSIONS))
            ret->rows += item.batch->rows;
        else if (item.kind == TLZ_ITEM_DAMAGE)
            errx(1, "damage");
    }
    must(r, "read");
    tlz_reader_free(reader);
}

static void top_batch(struct top *top, const struct tlz_batch *batch, uint64_t *matches)
{
    const struct tlz_column *service = &batch->column[TLZ_SERVICE], *ms = &batch->column[TLZ_MS],
                            *tx = &batch->column[TLZ_TX_BYTES], *raddr = &batch->column[TLZ_RADDR];

    if (!service->u || !ms->u)
        return;
    for (uint32_t row = 0; row < batch->rows; row++) {
        if (service->u[row] != SERVICE || !tlz_batch_has(batch, TLZ_SERVICE, row))
            continue;
        ++*matches;
        if (top_wants(top, ms->u[row]) && tlz_batch_has(batch, TLZ_MS, row))
            top_add(top, (struct top_row){ms->u[row], tx->u[row], raddr->bytes[row]});
    }
}

void read_top(struct bench_buffer *file, struct found *ret)
{
    static const enum tlz_field wanted[] = {TLZ_MS, TLZ_RADDR, TLZ_SERVICE, TLZ_TX_BYTES};
    struct tlz_reader *reader = open_reader(file);
    struct tlz_fieldset fields = {0};
    struct top top = {.count = 0};
    struct tlz_item item;
    int r;

    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        tlz_fieldset_add(&fields, wanted[i]);
    tlz_reader_select(reader, TLZ_SESSIONS, &fields);
    *ret = (struct found){0};
    while ((r = tlz_reader_next(reader, &item)) > 0) {
        if (!tlz_item_has(&item, TLZ_SESSIONS))
            continue;
        ret->rows += item.batch->rows;
        top_batch(&top, item.batch, &ret->matches);
    }
    must(r, "read");
    tlz_reader_free(reader);
    ret->least_of_top_us = top.row[0].us;
}

void read_top_records(struct bench_buffer *file, struct found *ret)
{
    enum { PIECE = 1024 * sizeof(struct shown_record) };
    struct shown_record *record = malloc(PIECE);
    ZSTD_DCtx *zstd = ZSTD_createDCtx();
    ZSTD_inBuffer in = {file->data, file->size, 0};
    struct top top = {.count = 0};
    size_t rows;

    *ret = (struct found){0};
    if (!record || !zstd)
        errx(1, "no memory");
    do {
        ZSTD_outBuffer out = {record, PIECE, 0};

        while (out.pos < out.size && in.pos < in.size) {
            if (ZSTD_isError(ZSTD_decompressStream(zstd, &out, &in)))
                errx(1, "zstd");
        }
        rows = out.pos / sizeof *record;
        ret->rows += rows;
        for (size_t i = 0; i < rows; i++) {
            if (record[i].service != SERVICE)
                continue;
            ret->matches++;
            if (top_wants(&top, record[i].duration_us)) {
                struct top_row row = {record[i].duration_us, record[i].tx_bytes, {{0}}};

                memcpy(row.raddr.b, record[i].raddr, sizeof row.raddr.b);
                top_add(&top, row);
            }
        }
    } while (rows);
    ret->least_of_top_us = top.row[0].us;
    ZSTD_freeDCtx(zstd);
    free(record);
}
