/* SPDX-License-Identifier: BSD-2-Clause */
/* What a session is after a capture has stored it. */
#ifndef TESTS_FUZZ_SESSION_H
#define TESTS_FUZZ_SESSION_H

#include "format/row.h"

/* Makes `service` what a capture gives back: the port of the side that listened, where the
 * direction tells it, and otherwise absent. */
void session_as_stored(struct tlz_row *session);

/* Fails unless the stored fields of both are the same. */
void check_same_row(enum tlz_kind kind, const struct tlz_row *a, const struct tlz_row *b);
void check_same_session(const struct tlz_row *a, const struct tlz_row *b);

#endif
