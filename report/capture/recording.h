/* SPDX-License-Identifier: BSD-2-Clause */
/* One recording of captures.h: what is learnt of it, and it as a row of columns. */
#ifndef REPORT_CAPTURE_RECORDING_H
#define REPORT_CAPTURE_RECORDING_H

#include "report/capture/captures.h"
#include "report/view/columns.h"
#include "util/joined_text.h"

/* Frees it; NULL is fine. */
void recording_free(struct recording *r);

/* Room for one more element in the array at `array` (a pointer's address) of `count`. 0 or -ENOMEM.
 */
int recording_grow(void *array, size_t count, size_t element_size);

/* A sum of numbers that anybody chose stays at the greatest rather than starting again at 0. */
static inline uint64_t add_saturated(uint64_t a, uint64_t b)
{
    uint64_t sum;

    return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

/* Copies a tag's value, if `from` has it. 0 or -ENOMEM. */
int metadata_copy_tag(struct tlz_metadata *to, const struct tlz_metadata *from,
                      enum tlz_meta_tag tag);

/* Copies every known tag of `from` that is present into `to`. 0 or -ENOMEM. */
int metadata_merge(struct tlz_metadata *to, const struct tlz_metadata *from);

/* As metadata_merge(), without the totals, which a writer counts anew. */
int metadata_merge_end(struct tlz_metadata *to, const struct tlz_metadata *from);

/* Sets *meta to a copy of `from`; the old one is freed. 0 or -ENOMEM. */
int metadata_replace(struct tlz_metadata **meta, const struct tlz_metadata *from);

/* Sets a text that is made of parts. 0 or -ENOMEM. */
int metadata_set_joined(struct tlz_metadata *meta, enum tlz_meta_tag tag,
                        const struct joined_text *text);

void recording_learn_rows(struct recording *r, const struct tlz_batch *batch);
void recording_learn_skipped(struct recording *r, const struct tlz_skipped *skipped);
int recording_learn_loss(struct recording *r, const struct tlz_loss *loss);
int recording_learn_name(struct recording *r, const struct tlz_name *name);

/* A tag's text: the recording's own, else its file's, else NULL. ret_size may be NULL. */
const char *recording_text(const struct capture *capture, const struct recording *r,
                           enum tlz_meta_tag tag, size_t *ret_size);

/* At least as many as recording_columns has. */
#define RECORDING_COLUMNS_MAX 64

/* The columns of a recording; the first recording_described of them are known when it begins. */
extern const struct column recording_columns[];
extern const size_t recording_column_count;
extern const size_t recording_described;

/* Fills a cell for each column. Texts belong to the captures. */
void recording_cells(const struct capture *capture, const struct recording *r, struct cell *ret);

#endif
