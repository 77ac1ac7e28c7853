/* SPDX-License-Identifier: BSD-2-Clause */
/* How a session ended, from what the kernel showed at its end. */
#ifndef RECORD_END_H
#define RECORD_END_H

#include "bpf/event.h"
#include "format/field.h"

/*
 * Never fails: what cannot be told is TLZ_END_UNKNOWN. Says nothing of what the error does not
 * tell: a session that was closed here first and ends in ECONNRESET may have been reset by either
 * side, and is TLZ_END_CLOSED_HERE then.
 */
enum tlz_end end_classify(const struct event *e);

#endif
