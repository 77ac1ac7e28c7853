/* SPDX-License-Identifier: BSD-2-Clause */
/* Values that are not stored but follow from those that are. docs/FORMAT.md, section 7. */
#ifndef TLZ_DERIVE_H
#define TLZ_DERIVE_H

#include "format/arena.h"
#include "format/row.h"

/* Adds to `fields` the stored fields that the derived ones among them are made from. */
void derive_requirements(struct tlz_fieldset *fields);

/* The stored fields that a derived one is made from, and how many; NULL when it is not derived. A
 * field that is stored as well is made from itself, too. */
const enum tlz_field *derive_needs(enum tlz_field field, int *ret_count);

/* Makes the derived columns in `fields`; what they need must be in the batch. 0 or -ENOMEM. */
int derive_columns(struct tlz_batch *batch, const struct tlz_fieldset *fields, struct arena *arena);

#endif
