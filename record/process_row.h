/* SPDX-License-Identifier: BSD-2-Clause */
/* The processes of a session in its row, and in those of its changes of state. */
#ifndef RECORD_PROCESS_ROW_H
#define RECORD_PROCESS_ROW_H

#include "bpf/event.h"
#include "format/row.h"

/* Sets those that are known. What `origin` is, the flags (enum event_flag) say. */
void set_processes(uint16_t flags, const struct event_process *origin,
                   const struct event_process *user, const struct event_process *closer,
                   const struct event_process *acceptor, struct tlz_row *ret);

#endif
