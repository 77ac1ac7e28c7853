/* SPDX-License-Identifier: BSD-2-Clause */
#include "known_capture.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "format/block_header.h"
#include "format/error.h"

#define BLOCK_US 1000000 /* between the times of two blocks */

static const struct tlz_clock boot_clock = {.boot_us = 5000000000, .real_us = 1777626000000000};

static uint32_t rows_of(const struct known_plan *plan, uint64_t block)
{
    return block % 8 == 7 ? (plan->rows + 9) / 10 : plan->rows;
}

/* Row `row` of the sessions block with that number. The seed goes on from row to row. */
static void make_session(uint64_t number, uint32_t row, uint64_t *seed, struct tlz_row *ret)
{
    random_session(seed, boot_clock.boot_us + number * BLOCK_US + row, ret);
}

static void write_sessions(struct tlz_writer *w, uint32_t source, uint64_t number, uint32_t rows)
{
    uint64_t seed = number;

    for (uint32_t row = 0; row < rows; row++) {
        struct tlz_row s;

        make_session(number, row, &seed, &s);
        assert_int_equal(tlz_writer_add_row(w, TLZ_SESSIONS, source, &boot_clock, &s), 0);
    }
    assert_int_equal(tlz_writer_flush(w), 0);
}

static void write_all(struct tlz_writer *w, const struct known_plan *plan,
                      const uint32_t source[KNOWN_SOURCES])
{
    uint64_t losses = 0, names = 0;

    for (uint64_t block = 0; block < plan->blocks; block++) {
        uint32_t s = source[block / plan->run % KNOWN_SOURCES];

        write_sessions(w, s, block, rows_of(plan, block));
        for (uint32_t i = 0; i < plan->names; i++)
            assert_int_equal(
                tlz_writer_add_name(
                    w, s, &(struct tlz_name){TLZ_NAME_CGROUP, names++, "/system.slice/a", 15}),
                0);
        if (plan->losses && block % plan->losses == 0)
            assert_int_equal(
                tlz_writer_add_loss(
                    w, s, &(struct tlz_loss){.cause = TLZ_LOSS_RING_FULL, .count = losses++}),
                0);
    }
}

static void write_capture(struct known_capture *c, const struct known_plan *plan)
{
    uint32_t source[KNOWN_SOURCES];
    struct tlz_writer *w = open_writer(&c->file, 0, &source[0]);
    struct tlz_metadata *meta = tlz_metadata_new();

    assert_non_null(meta);
    for (int i = 1; i < KNOWN_SOURCES; i++)
        assert_int_equal(tlz_writer_add_source(w, meta, &source[i]), 0);
    tlz_metadata_free(meta);
    write_all(w, plan, source);
    assert_int_equal(tlz_writer_finish(w, NULL), 0);
    tlz_writer_free(w);
}

/* The map: where the headers say that blocks are. */
static void map_blocks(struct known_capture *c)
{
    uint64_t seen[256] = {0};
    struct block_header h;

    for (uint64_t at = PREAMBLE_SIZE; at < c->file.size; at += BLOCK_HEADER_SIZE + h.stored) {
        assert_int_equal(block_header_decode(c->file.data + at, &h), 0);
        if (c->blocks % 64 == 0)
            c->block = realloc(c->block, (c->blocks + 64) * sizeof *c->block);
        assert_non_null(c->block);
        c->block[c->blocks++] = (struct known_block){.offset = at,
                                                     .size = BLOCK_HEADER_SIZE + (uint64_t)h.stored,
                                                     .type = h.type,
                                                     .source = h.source,
                                                     .rows = h.rows,
                                                     .number = seen[h.type]++,
                                                     .first_us = boot_clock.real_us,
                                                     .last_us = boot_clock.real_us};
        c->block[c->blocks - 1].first_us += c->block[c->blocks - 1].number * BLOCK_US;
        c->block[c->blocks - 1].last_us = c->block[c->blocks - 1].first_us + h.rows - 1;
        c->rows += h.rows;
    }
}

uint64_t known_digest(const struct tlz_batch *batch, const struct tlz_fieldset *fields)
{
    uint64_t digest[3] = {batch->rows, batch->source};

    TLZ_FOREACH_SESSION_FIELD(f) {
        const struct tlz_column *c = &batch->column[f];

        if (!tlz_fields[f].number || !tlz_fieldset_has(fields, f) || (!c->u && !c->bytes))
            continue;
        digest[1] = f;
        digest[2] = c->u ? block_hash(c->u, batch->rows * sizeof *c->u)
                         : block_hash(c->bytes, batch->rows * sizeof *c->bytes);
        digest[0] = block_hash(digest, sizeof digest);
        digest[1] = f;
        digest[2] = c->present ? block_hash(c->present, (batch->rows + 63) / 64 * 8) : 0;
        digest[0] = block_hash(digest, sizeof digest);
    }
    return digest[0];
}

/* Holds a block's sessions equal to those that were written, and notes their digests. */
static void learn_batch(struct known_block *b, const struct tlz_batch *batch)
{
    const struct tlz_fieldset all = known_fields(true), close = known_fields(false);
    uint64_t seed = b->number;

    assert_int_equal(batch->rows, b->rows);
    assert_int_equal(batch->source, b->source);
    for (uint32_t row = 0; row < batch->rows; row++) {
        struct tlz_row wanted, got;

        make_session(b->number, row, &seed, &wanted);
        tlz_batch_row(batch, row, &got);
        assert_rows_equal(TLZ_SESSIONS, &wanted, &got);
    }
    b->digest = known_digest(batch, &all);
    b->close_digest = known_digest(batch, &close);
}

void known_capture_make(struct known_capture *c, const struct known_plan *plan)
{
    struct tlz_reader *r;
    struct tlz_input input;
    struct tlz_item item;
    size_t block = 0;
    int got;

    *c = (struct known_capture){0};
    write_capture(c, plan);
    map_blocks(c);
    input = memory_input(&c->file);
    assert_int_equal(tlz_reader_open(&r, &input), 0);
    while ((got = tlz_reader_next(r, &item)) == 1) {
        assert_int_not_equal(item.kind, TLZ_ITEM_DAMAGE);
        while (c->block[block].offset < item.offset)
            block++;
        if (tlz_item_has(&item, TLZ_SESSIONS))
            learn_batch(&c->block[block], item.batch);
    }
    assert_int_equal(got, 0);
    tlz_reader_free(r);
}

void known_capture_free(struct known_capture *c)
{
    memory_file_free(&c->file);
    free(c->block);
    *c = (struct known_capture){0};
}
