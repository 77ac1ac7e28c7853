/* SPDX-License-Identifier: BSD-2-Clause */
/* A whole capture, as it is, and with its checksums made right. */
#include <stdlib.h>

#include "fuzz.h"
#include "fuzz_memory.h"

static void read_capture(struct fuzz_memory *m)
{
    struct tlz_input input = fuzz_memory_input(m);
    struct tlz_reader *r = NULL;
    struct tlz_item item;
    uint64_t items = 0;

    if (tlz_reader_open(&r, &input) < 0)
        return;
    while (tlz_reader_next(r, &item) == 1) {
        /* More items than the input can hold would be no progress. */
        assert(++items <= 4 * m->size + 16);
        assert(item.offset <= m->size && item.source < TLZ_SOURCES_MAX);
    }
    tlz_reader_free(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_memory copy = {malloc(size + 1), size, 0};

    assert(copy.data);
    memcpy(copy.data, data, size);
    read_capture(&copy);
    fuzz_mend_sums(copy.data, size);
    read_capture(&copy);
    fuzz_memory_free(&copy);
    return 0;
}
