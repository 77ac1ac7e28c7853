/* SPDX-License-Identifier: BSD-2-Clause */
/* What a row is after a capture has stored it. */
#ifndef TESTS_FUZZ_ROW_H
#define TESTS_FUZZ_ROW_H

#include "format/row.h"

/* Makes a session's `service` what a capture gives back: the port of the side that listened, where
 * the direction tells it, and otherwise absent. */
void row_as_stored(enum tlz_kind kind, struct tlz_row *row);

/* Fails unless the stored fields of both are the same. */
void check_same_row(enum tlz_kind kind, const struct tlz_row *a, const struct tlz_row *b);

#endif
