/* SPDX-License-Identifier: BSD-2-Clause */
/* From the BPF program's event of a change of state to a row of the capture. */
#ifndef RECORD_STATE_ROW_H
#define RECORD_STATE_ROW_H

#include "bpf/event.h"
#include "format/row.h"

/* Makes *ret of an event. `socket` stands for the socket's address, which does not get into the row
 * (socket_hash()). Times are microseconds of CLOCK_BOOTTIME in the kernel's own clock. */
void state_from_event(const struct state_event *e, uint64_t socket, struct tlz_row *ret);

#endif
