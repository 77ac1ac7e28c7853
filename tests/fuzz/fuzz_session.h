/* SPDX-License-Identifier: BSD-2-Clause */
/* What a session is after a capture has stored it. */
#ifndef TESTS_FUZZ_SESSION_H
#define TESTS_FUZZ_SESSION_H

#include "format/session.h"

/*
 * Fails unless `read` is what a capture gives back of `written`: every stored field is the same,
 * and `service` is the port of the side that listened, where the direction tells it.
 */
void check_session_kept(const struct tlz_session *written, const struct tlz_session *read);

#endif
