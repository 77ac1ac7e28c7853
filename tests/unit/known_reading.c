/* SPDX-License-Identifier: BSD-2-Clause */
/* What a reader tells of a wounded capture, held against the map of its blocks. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "format/block_header.h"
#include "format/error.h"
#include "known_capture.h"

/* A reading under way. */
struct reading {
    const struct known_capture *c;
    const struct wound *wound;
    const struct way *way;
    size_t lost;  /* the block with the wound; `blocks` = the preamble, or none */
    size_t next;  /* the block that is told next, when it is no index */
    bool noticed; /* the wound was told */
    bool ended;   /* the end was told */
    bool whole;   /* sessions are compared as a whole */
    uint64_t rows, skipped, missing;
};

#define WRONG(r, ...)                                                                              \
    do {                                                                                           \
        print_error("wound %d at byte %" PRIu64 " bit %u, %s, from %" PRIu64 " to %" PRIu64 ": ",  \
                    (int)(r)->wound->kind, (r)->wound->at, (r)->wound->bit,                        \
                    (r)->way->seeking ? "seeking" : "streaming", (r)->way->from_us,                \
                    (r)->way->to_us);                                                              \
        fail_msg(__VA_ARGS__);                                                                     \
    } while (0)

/* The block at an item's place; index blocks are not told, unless they are lost. */
static const struct known_block *take_block(struct reading *r, const struct tlz_item *item)
{
    const struct known_block *b = &r->c->block[r->next];

    for (; r->next < r->c->blocks && b->type == TLZ_BLOCK_INDEX && b->offset != item->offset; b++)
        r->next++;
    if (r->next == r->c->blocks || b->offset != item->offset)
        WRONG(r, "item %d at byte %" PRIu64 " is none of ours", (int)item->kind, item->offset);
    r->next++;
    return b;
}

static bool is_outside(const struct reading *r, const struct known_block *b)
{
    return b->last_us < r->way->from_us || b->first_us > r->way->to_us;
}

static void check_sessions(struct reading *r, const struct known_block *b,
                           const struct tlz_batch *batch)
{
    const struct tlz_fieldset all = known_fields(true), close = known_fields(false);

    if (batch->source != b->source || batch->rows != b->rows)
        WRONG(r, "%u rows of source %u", batch->rows, batch->source);
    if (known_digest(batch, &close) != b->close_digest ||
        (r->whole && known_digest(batch, &all) != b->digest))
        WRONG(r, "wrong rows in the block at byte %" PRIu64, b->offset);
    if (is_outside(r, b))
        WRONG(r, "rows outside of the window");
    r->rows += b->rows;
}

/* The blocks that a skipped item stands for, the first of which was taken already. */
static void check_skipped(struct reading *r, const struct known_block *b,
                          const struct tlz_skipped *skipped)
{
    const struct known_block *first = b;
    uint64_t rows = 0;

    for (uint64_t left = skipped->blocks; left; b++) {
        if (b == r->c->block + r->c->blocks)
            WRONG(r, "%" PRIu64 " blocks are passed over", skipped->blocks);
        if (b->type == TLZ_BLOCK_INDEX)
            continue;
        if (b->type != TLZ_BLOCK_SESSIONS || b->source != first->source || !is_outside(r, b))
            WRONG(r, "the block at byte %" PRIu64 " is passed over", b->offset);
        rows += b->rows;
        left--;
    }
    r->next = (size_t)(b - r->c->block);
    if (rows != skipped->rows || first->first_us != skipped->first_us ||
        b[-1].last_us != skipped->last_us)
        WRONG(r, "%" PRIu64 " rows are passed over, and not %" PRIu64, skipped->rows, rows);
    r->skipped += rows;
}

/* Anything but damage. */
static void check_told(struct reading *r, const struct tlz_item *item)
{
    const struct known_block *b = take_block(r, item);
    const struct block_kind {
        enum tlz_item_kind kind;
        uint8_t type;
    } kinds[] = {{TLZ_ITEM_FILE, TLZ_BLOCK_METADATA}, {TLZ_ITEM_SOURCE, TLZ_BLOCK_METADATA},
                 {TLZ_ITEM_ROWS, TLZ_BLOCK_SESSIONS}, {TLZ_ITEM_SKIPPED, TLZ_BLOCK_SESSIONS},
                 {TLZ_ITEM_LOSS, TLZ_BLOCK_LOSS},     {TLZ_ITEM_NAME, TLZ_BLOCK_NAME},
                 {TLZ_ITEM_END, TLZ_BLOCK_END}};
    size_t i = 0;

    while (i < sizeof kinds / sizeof *kinds && kinds[i].kind != item->kind)
        i++;
    if (i == sizeof kinds / sizeof *kinds || kinds[i].type != b->type || item->source != b->source)
        WRONG(r, "item %d of source %u for a block of type %u", (int)item->kind, item->source,
              b->type);
    if (tlz_item_has(item, TLZ_SESSIONS))
        check_sessions(r, b, item->batch);
    if (item->kind == TLZ_ITEM_SKIPPED)
        check_skipped(r, b, &item->skipped);
    if (item->kind == TLZ_ITEM_LOSS && item->loss.count != b->number)
        WRONG(r, "loss %" PRIu64 " for %" PRIu64, item->loss.count, b->number);
    if (item->kind == TLZ_ITEM_NAME && (item->name.id != b->number || item->name.size != 15))
        WRONG(r, "name %" PRIu64 " for %" PRIu64, item->name.id, b->number);
    r->ended |= item->kind == TLZ_ITEM_END;
}

/* Where the damage begins, and how many bytes it takes. */
static void check_place(struct reading *r, const struct tlz_item *item)
{
    bool in_preamble = r->lost == r->c->blocks && r->wound->at < PREAMBLE_SIZE;
    const struct known_block preamble = {.size = PREAMBLE_SIZE};
    const struct known_block *b = in_preamble ? &preamble : take_block(r, item);
    uint64_t size = r->wound->kind == WOUND_CUT ? r->wound->at - b->offset : b->size;

    if (r->noticed || (!in_preamble && b != &r->c->block[r->lost]) || item->offset != b->offset ||
        item->damage.size != size ||
        (r->wound->kind == WOUND_CUT) != (item->damage.error == -TLZ_E_CUT))
        WRONG(r, "%s at byte %" PRIu64 ", %" PRIu64 " bytes", tlz_strerror(item->damage.error),
              item->offset, item->damage.size);
    r->noticed = true;
}

static void check_damage(struct reading *r, const struct tlz_item *item)
{
    bool lost_metadata = r->lost < r->c->blocks && r->c->block[r->lost].type == TLZ_BLOCK_METADATA;

    if (item->damage.error == -TLZ_E_MISSING)
        r->missing += item->damage.blocks;
    else if (item->damage.error != -TLZ_E_SOURCE)
        check_place(r, item);
    else if (!lost_metadata || item->source != r->c->block[r->lost].source)
        WRONG(r, "source %u is said to be unknown", item->source);
}

/* Everything is accounted for. */
static void check_sums(struct reading *r)
{
    bool is_lost = r->lost < r->c->blocks;
    const struct known_block *lost = is_lost ? &r->c->block[r->lost] : NULL;
    bool is_cut = r->wound->kind == WOUND_CUT;
    uint64_t rows = r->c->rows, skipped_rows = r->rows + r->skipped;

    if (is_cut) {
        for (size_t i = r->lost; i < r->c->blocks; i++)
            rows -= r->c->block[i].rows;
    } else if (lost && r->noticed) {
        rows -= lost->rows;
    }
    if (skipped_rows != rows)
        WRONG(r, "%" PRIu64 " rows and %" PRIu64 " passed over, of %" PRIu64, r->rows, r->skipped,
              rows);
    if (r->ended != (!is_cut && !(lost && lost->type == TLZ_BLOCK_END)))
        WRONG(r, "its end is %stold", r->ended ? "" : "not ");
    if (r->missing != (r->ended && is_lost && r->noticed))
        WRONG(r, "%" PRIu64 " blocks are said to be missing", r->missing);
}

/* Whether the wound must be told: not when it is in blocks that are passed over unread. */
static void check_noticed(struct reading *r, uint64_t unread)
{
    const struct known_block *lost = r->lost < r->c->blocks ? &r->c->block[r->lost] : NULL;
    bool is_seen = r->wound->kind != WOUND_NONE &&
                   !(r->wound->kind == WOUND_CUT && lost && lost->offset == r->wound->at) &&
                   !(r->wound->kind == WOUND_CUT && !lost);

    if (r->noticed != is_seen && !(unread && is_seen))
        WRONG(r, "the damage is %stold", r->noticed ? "" : "not ");
}

/* Sessions are compared as a whole from the block before the wound to the second one behind it. */
static void select_fields(struct reading *r, struct tlz_reader *reader)
{
    size_t wound = r->lost < r->c->blocks ? r->lost : 0;
    struct tlz_fieldset fields;

    r->whole = r->next + 4 > wound && r->next < wound + 4;
    fields = known_fields(r->whole);
    tlz_reader_select(reader, TLZ_SESSIONS, &fields);
}

static void read_on(struct reading *r, struct tlz_reader *reader)
{
    struct tlz_item item;
    uint64_t unread = 0;
    int got;

    select_fields(r, reader);
    while ((got = tlz_reader_next(reader, &item)) == 1) {
        if (item.kind == TLZ_ITEM_DAMAGE)
            check_damage(r, &item);
        else
            check_told(r, &item);
        unread += item.kind == TLZ_ITEM_SKIPPED && item.skipped.unread;
        select_fields(r, reader);
    }
    if (got < 0)
        WRONG(r, "reading fails: %s", tlz_strerror(got));
    check_noticed(r, unread);
    check_sums(r);
}

static void open_and_read(struct reading *r, struct memory_file *file)
{
    struct tlz_input input = r->way->seeking ? memory_input_at(file) : memory_input(file);
    struct tlz_reader *reader;
    int error = tlz_reader_open(&reader, &input);

    if (r->wound->kind == WOUND_CUT && r->wound->at < PREAMBLE_SIZE) {
        if (error != (r->wound->at ? -TLZ_E_CUT : -TLZ_E_NOT_A_CAPTURE))
            WRONG(r, "opened: %s", tlz_strerror(error));
        return;
    }
    if (error < 0)
        WRONG(r, "not opened: %s", tlz_strerror(error));
    tlz_reader_window(reader, r->way->from_us, r->way->to_us);
    read_on(r, reader);
    tlz_reader_free(reader);
}

/* The block that has that byte, or whose first byte it would be. */
static size_t block_at(const struct known_capture *c, uint64_t at)
{
    size_t i = 0;

    while (i < c->blocks &&
           (at < c->block[i].offset || at >= c->block[i].offset + c->block[i].size))
        i++;
    return i;
}

void known_capture_check(struct known_capture *c, const struct wound *wound, const struct way *way)
{
    struct reading r = {.c = c, .wound = wound, .way = way, .lost = c->blocks};
    size_t size = c->file.size;

    if (wound->kind != WOUND_NONE)
        r.lost = block_at(c, wound->at);
    if (wound->kind == WOUND_CUT)
        c->file.size = (size_t)wound->at;
    if (wound->kind == WOUND_FLIP)
        c->file.data[wound->at] ^= (uint8_t)(1u << wound->bit);
    open_and_read(&r, &c->file);
    if (wound->kind == WOUND_FLIP)
        c->file.data[wound->at] ^= (uint8_t)(1u << wound->bit);
    c->file.size = size;
}
