/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * --anonymize: what the sources tell, with others in the place of names, addresses and numbers that
 * say who somebody is (report/anonymize/anonymous_fields.h), by a key. It stands behind the
 * filters, which see what was recorded, and before views and sinks, which see none of it.
 */
#ifndef REPORT_ANONYMIZE_ANONYMIZER_H
#define REPORT_ANONYMIZE_ANONYMIZER_H

#include "format/tlz.h"

struct anonymizer;

/*
 * With the key of that file (report/anonymize/key_file.h), or NULL for a random one, which is said.
 * `output` is what will be written, or NULL. EXIT_OK and *ret, or the status after saying what is
 * wrong.
 */
int anonymizer_open(struct anonymizer **ret, const char *key_file, const char *output);

/* Frees it (NULL is fine), and leaves nothing of the key. Returns NULL. */
struct anonymizer *anonymizer_free(struct anonymizer *a);

/* What captures say of the key: a name that is the same for the same key, and does not tell it. */
const char *anonymizer_key_name(const struct anonymizer *a);

/* The item without what is replaced; rows are left to anonymous_rows_make(). 0 and *ret, valid
 * until the next call, or -ENOMEM. */
int anonymizer_item(struct anonymizer *a, const struct tlz_item *item, struct tlz_item *ret);

/* The rows of one source. Zeroed = none. */
struct anonymous_rows {
    struct tlz_batch batch;
    void *columns[TLZ_FIELD_COUNT]; /* those that are replaced */
    uint32_t rows;                  /* for which there is room in each of them */
};

/*
 * Makes ret->batch of row[0..count) of a batch, whose other rows, and columns that are kept, are
 * not to be looked at after it. Their clock is that of Unix times: the host's own would tell since
 * when it runs. 0 or -ENOMEM.
 */
int anonymous_rows_make(struct anonymous_rows *ret, struct anonymizer *a,
                        const struct tlz_batch *batch, const uint32_t *row, uint32_t count);
void anonymous_rows_close(struct anonymous_rows *rows);

#endif
