/* SPDX-License-Identifier: BSD-2-Clause */
/* The end of a capture: what is left of the index, and the totals. */
#include "format/metadata_block.h"
#include "format/writer_state.h"

/* Writes what is left of the index. Its root, the offset of which is *ret, lists all others. */
static int finish_index(struct tlz_writer *w, uint64_t *ret)
{
    for (uint32_t level = 0;; level++) {
        struct index_level *l = &w->index.level[level];
        int r;

        if (l->count == 1 && l->entry->type == TLZ_BLOCK_INDEX &&
            !index_writer_has_above(&w->index, level)) {
            *ret = l->entry->offset;
            return 0;
        }
        r = l->count ? writer_put_index(w, level) : 0;
        if (r < 0)
            return r;
    }
}

/* What the end block says of the whole file. */
static int set_totals(const struct tlz_writer *w, uint64_t index, struct tlz_metadata *totals)
{
    const struct {
        enum tlz_meta_tag tag;
        uint64_t number;
        bool if_any;
    } numbers[] = {
        {TLZ_META_SESSIONS, w->stats.of[TLZ_SESSIONS].written, false},
        {TLZ_META_LOST, w->stats.of[TLZ_SESSIONS].lost, false},
        {TLZ_META_STATES, w->stats.of[TLZ_STATES].written, true},
        {TLZ_META_STATES_LOST, w->stats.of[TLZ_STATES].lost, true},
        {TLZ_META_BLOCKS, w->stats.blocks, false},
        {TLZ_META_INDEX, index, false},
    };

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        uint64_t n = numbers[i].number, said; /* 0 too, when who ends the capture says so */

        if ((n || !numbers[i].if_any || tlz_metadata_number(totals, numbers[i].tag, &said)) &&
            tlz_metadata_set_number(totals, numbers[i].tag, n) < 0)
            return -ENOMEM;
    }
    return 0;
}

int tlz_writer_finish(struct tlz_writer *w, const struct tlz_metadata *end)
{
    struct tlz_metadata *totals;
    uint64_t index;
    int r = tlz_writer_flush(w);

    if (r >= 0)
        r = writer_make_index_room(w);
    if (r >= 0)
        r = finish_index(w, &index);
    if (r < 0)
        return r;
    totals = end ? tlz_metadata_copy(end) : tlz_metadata_new();
    if (!totals)
        return -ENOMEM;
    r = set_totals(w, index, totals);
    if (r >= 0) {
        metadata_encode(totals, writer_begin_block(w));
        r = writer_put_block(w, TLZ_BLOCK_END, FILE_SOURCE, 0);
    }
    tlz_metadata_free(totals);
    return r;
}
