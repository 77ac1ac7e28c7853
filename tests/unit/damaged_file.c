/* SPDX-License-Identifier: BSD-2-Clause */
#include "damaged_file.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct tlz_clock no_clock = {0};

void make_capture(struct memory_file *file, size_t ends[BLOCKS + 1])
{
    uint32_t source;
    struct tlz_writer *w = open_writer(file, 0, &source);
    uint64_t seed = 9;

    for (int block = 0; block < BLOCKS; block++) {
        for (int row = 0; row < BLOCK_ROWS; row++) {
            struct tlz_row s;

            random_session(&seed, FIRST_CLOSE + (uint64_t)(block * BLOCK_ROWS + row), &s);
            assert_int_equal(tlz_writer_add_row(w, TLZ_SESSIONS, source, &no_clock, &s), 0);
        }
        assert_int_equal(tlz_writer_flush(w), 0);
        ends[block] = file->size;
    }
    assert_int_equal(tlz_writer_finish(w, NULL), 0);
    ends[BLOCKS] = file->size;
    tlz_writer_free(w);
}

/* Every row must be one of those that make_capture() wrote, whole. */
static void note_rows(const struct tlz_batch *batch, struct outcome *o)
{
    assert_true(batch->rows > 0 && batch->rows <= BLOCK_ROWS);
    for (uint32_t row = 0; row < batch->rows; row++) {
        uint64_t number = batch->column[TLZ_CLOSE_US].u[row] - FIRST_CLOSE, seed = 9;
        struct tlz_row expected, got;

        assert_true(number < BLOCKS * BLOCK_ROWS);
        for (uint64_t i = 0; i <= number; i++)
            random_session(&seed, FIRST_CLOSE + i, &expected);
        tlz_batch_row(batch, row, &got);
        assert_rows_equal(TLZ_SESSIONS, &expected, &got);
        if (row == BLOCK_ROWS - 1)
            o->blocks |= 1u << (number / BLOCK_ROWS);
    }
    o->rows += batch->rows;
}

static void note_damage(const struct tlz_item *item, struct outcome *o)
{
    if (!o->damages++) {
        o->first_damage = item->damage.error;
        o->first_offset = item->offset;
    }
    o->damaged_bytes += item->damage.size;
    o->missing += item->damage.blocks;
}

struct outcome read_all(struct memory_file *file)
{
    struct tlz_input input = memory_input(file);
    struct outcome o = {0};
    struct tlz_reader *r = NULL;
    struct tlz_item item;

    o.open_error = tlz_reader_open(&r, &input);
    if (o.open_error < 0)
        return o;
    while ((o.error = tlz_reader_next(r, &item)) == 1) {
        if (tlz_item_has(&item, TLZ_SESSIONS))
            note_rows(item.batch, &o);
        else if (item.kind == TLZ_ITEM_DAMAGE)
            note_damage(&item, &o);
        o.ends += item.kind == TLZ_ITEM_END;
        o.unknowns += item.kind == TLZ_ITEM_UNKNOWN;
    }
    tlz_reader_free(r);
    return o;
}
