/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/process_row.h"

static void set_process(const struct event_process *process, enum tlz_field pid,
                        enum tlz_field comm, struct tlz_row *ret)
{
    if (!process->pid)
        return;
    tlz_row_set(ret, pid, process->pid);
    tlz_row_set_name(ret, comm, process->comm, sizeof process->comm);
}

void set_processes(uint16_t flags, const struct event_process *origin,
                   const struct event_process *user, const struct event_process *closer,
                   const struct event_process *acceptor, struct tlz_row *ret)
{
    if (flags & EVENT_CONNECTED)
        set_process(origin, TLZ_CONNECT_PID, TLZ_CONNECT_COMM, ret);
    else if (flags & (EVENT_ACCEPTED | EVENT_LISTENER))
        set_process(origin, TLZ_LISTEN_PID, TLZ_LISTEN_COMM, ret);
    else
        set_process(origin, TLZ_TASK_FILE_PID, TLZ_TASK_FILE_COMM, ret);
    set_process(user, TLZ_IO_PID, TLZ_IO_COMM, ret);
    set_process(closer, TLZ_CLOSER_PID, TLZ_CLOSER_COMM, ret);
    set_process(acceptor, TLZ_ACCEPT_PID, TLZ_ACCEPT_COMM, ret);
}
