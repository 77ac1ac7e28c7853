/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A whole capture, with its checksums made right first, so that what lies behind them is reached:
 * each block whose length fits gets the sums that belong to its bytes.
 */
#include <stdlib.h>

#include "format/block_header.h"
#include "format/tlz.h"
#include "format/wire.h"
#include "fuzz.h"

struct memory {
    const uint8_t *data;
    size_t size;
    size_t offset;
};

static ssize_t read_memory(void *context, void *data, size_t size)
{
    struct memory *m = context;
    size_t n = m->size - m->offset < size ? m->size - m->offset : size;

    memcpy(data, m->data + m->offset, n);
    m->offset += n;
    return (ssize_t)n;
}

static void mend_sums(uint8_t *data, size_t size)
{
    size_t at = PREAMBLE_SIZE;

    if (size >= PREAMBLE_SIZE)
        wire_store32(data + 12, (uint32_t)block_hash(data, 12));
    while (at + BLOCK_HEADER_SIZE <= size) {
        uint8_t *header = data + at;
        size_t stored = wire_load32(header + 12);

        at += BLOCK_HEADER_SIZE;
        if (stored > size - at)
            stored = size - at;
        wire_store64(header + 32, block_hash(data + at, stored));
        wire_store64(header + 40, block_hash(header, 40));
        at += stored;
    }
}

static void read_capture(struct memory *m)
{
    struct tlz_input input = {read_memory, m};
    struct tlz_reader *r = NULL;
    struct tlz_item item;
    uint64_t items = 0;

    if (tlz_reader_open(&r, &input) < 0)
        return;
    while (tlz_reader_next(r, &item) == 1) {
        if (++items > 4 * m->size + 16)
            abort(); /* more items than the input can hold: no progress */
    }
    tlz_reader_free(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size + 1);
    struct memory as_it_is = {data, size, 0}, mended = {copy, size, 0};

    if (!copy)
        return 0;
    memcpy(copy, data, size);
    mend_sums(copy, size);
    read_capture(&as_it_is);
    read_capture(&mended);
    free(copy);
    return 0;
}
