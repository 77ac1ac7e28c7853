/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A whole capture, as it is, and with its checksums made right; from the start to the end, and a
 * window of its times with the help of its index.
 */
#include <stdlib.h>

#include "fuzz.h"
#include "fuzz_memory.h"

/* The times of the sessions that were read. */
struct times {
    uint64_t first_us, last_us;
};

static void note_times(struct times *times, const struct tlz_batch *batch)
{
    assert(batch->time_min_us <= batch->time_max_us && batch->rows);
    if (batch->time_min_us < times->first_us)
        times->first_us = batch->time_min_us;
    if (batch->time_max_us > times->last_us)
        times->last_us = batch->time_max_us;
}

/* Passes over blocks at random. */
static bool passes(const void *userdata, enum tlz_kind kind, const struct tlz_ranges *ranges)
{
    uint64_t sum = 0;

    assert(!userdata && kind < TLZ_KINDS);
    TLZ_FOREACH_FIELD(f)
        sum += ranges->field[f].least ^ ranges->field[f].greatest ^ ranges->field[f].set;
    return sum & 1;
}

static struct times read_capture(const struct tlz_input *input, size_t size, uint64_t from_us,
                                 uint64_t to_us)
{
    struct times times = {UINT64_MAX, 0};
    struct tlz_reader *r = NULL;
    struct tlz_item item;
    uint64_t items = 0;

    if (tlz_reader_open(&r, input) < 0)
        return times;
    tlz_reader_window(r, from_us, to_us);
    if (from_us)
        tlz_reader_pass(r, passes, NULL);
    else
        tlz_reader_verify(r);
    while (tlz_reader_next(r, &item) == 1) {
        /* More items than the input can hold would be no progress. */
        assert(++items <= 4 * size + 16);
        assert(item.offset <= size && item.source < TLZ_SOURCES_MAX);
        if (tlz_item_has(&item, TLZ_SESSIONS))
            note_times(&times, item.batch);
    }
    tlz_reader_free(r);
    return times;
}

static void read_windows(struct fuzz_memory *m)
{
    struct tlz_input input = fuzz_memory_input(m), input_at = fuzz_memory_input_at(m);
    struct times all = read_capture(&input, m->size, 0, UINT64_MAX), late;
    uint64_t middle_us = all.first_us / 2 + all.last_us / 2;

    read_capture(&input_at, m->size, 1, 0);
    late = read_capture(&input_at, m->size, middle_us, UINT64_MAX);
    assert(late.last_us == 0 || late.last_us >= middle_us);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_memory copy = {malloc(size + 1), size, 0};

    assert(copy.data);
    memcpy(copy.data, data, size);
    read_windows(&copy);
    fuzz_mend_sums(copy.data, size);
    read_windows(&copy);
    fuzz_memory_free(&copy);
    return 0;
}
