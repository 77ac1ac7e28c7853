/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which process runs, and whether a change of state is its doing. */
#ifndef BPF_PROCESS_H
#define BPF_PROCESS_H

#include <linux/bpf.h>

#include "kernel_types.h"

#include <bpf/bpf_helpers.h>

#include "event.h"
#include "kernel_access.h"

static __always_inline void process_set(struct event_process *process, struct task_struct *task)
{
    __u32 flags = SEE(task, flags);
    struct task_struct *named = flags & PF_IO_WORKER ? SEE(task, group_leader) : task;

    if (flags & PF_KTHREAD)
        return;
    read_name(process->comm, named->comm, SOCKETS_ARE_PROBED);
    process->pid = SEE(task, tgid);
}

/*
 * Records the running task as `process`. A kernel thread is nobody's process. A worker made by the
 * kernel has a name of its own ("iou-wrk-123"): its process is known by the leader's.
 */
static __always_inline void process_set_current(struct event_process *process)
{
    process_set(process, current_task());
}

static __always_inline void process_copy(struct event_process *to, const struct event_process *from)
{
    ((__u64 *)to)[0] = ((const __u64 *)from)[0];
    ((__u64 *)to)[1] = ((const __u64 *)from)[1];
    ((__u64 *)to)[2] = ((const __u64 *)from)[2];
}

/*
 * True when the state changes on behalf of the task that locked the socket, and not in a soft
 * interrupt under a task that happens to run (struct sock, sk_lock.owned; Linux 2.6 to 6.18).
 */
static __always_inline bool sock_is_owned(struct sock *sk)
{
    return SEE(sk, sk_lock.owned);
}

#endif
