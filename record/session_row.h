/* SPDX-License-Identifier: BSD-2-Clause */
/* From the BPF program's event to a row of the capture. */
#ifndef RECORD_SESSION_ROW_H
#define RECORD_SESSION_ROW_H

#include "bpf/event.h"
#include "format/row.h"

/* Makes *ret of an event. Times are microseconds of CLOCK_BOOTTIME in the kernel's own clock. */
void session_from_event(const struct event *e, struct tlz_row *ret);

#endif
