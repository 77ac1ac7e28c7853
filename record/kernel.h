/* SPDX-License-Identifier: BSD-2-Clause */
/* The BPF program in the kernel: the only part that knows libbpf. */
#ifndef RECORD_KERNEL_H
#define RECORD_KERNEL_H

#include "bpf/event.h"
#include "record/record_options.h"

struct kernel;

/*
 * Loads the program with the filters and the ring size of `options`, which must outlive it. It
 * records nothing yet. 0 and *ret, or a negative errno after a message that says what is missing
 * and what to do.
 */
int kernel_open(struct kernel **ret, const struct record_options *options);

/*
 * Whether it can be asked, and told to end, by who has CAP_BPF alone: before Linux 5.19, where
 * unprivileged_bpf_disabled is set, bpf(2) takes nothing from others.
 */
bool kernel_wants_rights(const struct kernel *k);

/* Begins to record, sessions that are open already included. 0, or a negative errno after a
 * message. */
int kernel_attach(struct kernel *k);

/* Ends it. What was recorded stays in the ring. May be called again. */
void kernel_detach(struct kernel *k);

/* Frees it (NULL is fine) and returns NULL. */
struct kernel *kernel_free(struct kernel *k);

/*
 * For epoll, with EPOLLET: an edge comes when a share of one of the rings is filled. (The level
 * would say whether there is anything in it at all, and under load there always is.) Returns how
 * many.
 */
#define KERNEL_FDS_MAX 16
size_t kernel_fds(const struct kernel *k, int ret_fds[KERNEL_FDS_MAX]);

/* Takes a session's event, which is valid during the call. A negative value ends what hands it out,
 * which returns it. */
typedef int kernel_event_function(void *context, const struct event *e);

/* Takes what comes through the ring, each function as above. */
struct kernel_taker {
    kernel_event_function *session;
    int (*state)(void *context, const struct state_event *e); /* with --states alone */
    void *context;
};

/*
 * Ends the recording: hands each session that is open now, or waits for its process to close it, to
 * `function`. What ends meanwhile is handed out so, comes through the ring, or is counted as lost
 * (unseen); what begins from now on is not recorded. Once only; kernel_detach() and
 * kernel_consume() follow. 0, the negative value of `function`, or another negative errno.
 */
int kernel_list_open(struct kernel *k, kernel_event_function *function, void *context);

/*
 * Hands events in the ring to `taker`: all of them, or so many that signals and timers do not wait
 * long. 0 when the ring is empty, 1 when more is in it, or the negative value of one of its
 * functions; events behind that one stay in the ring.
 */
int kernel_consume(struct kernel *k, const struct kernel_taker *taker);

/* What was lost, by cause: the counters of the BPF program. */
enum kernel_loss {
    KERNEL_LOSS_RING_FULL = EVENT_LOSS_RING_FULL,
    KERNEL_LOSS_NO_STORAGE = EVENT_LOSS_NO_STORAGE,
    /*
     * Sessions of which a change of state was not seen: each is missing or lacks a time. While the
     * program runs on a processor, the kernel leaves out what an interrupt brings there
     * (__bpf_trace_run() in kernel/trace/bpf_trace.c, Linux 5.12 to 6.18), and not all of it is in
     * the kernel's own count (recursion_misses of struct bpf_prog_info).
     */
    KERNEL_LOSS_UNSEEN = EVENT_LOSS_UNSEEN,
    KERNEL_LOSS_STATES_RING_FULL = EVENT_LOSS_STATES_RING_FULL,
    /* As far as it shows by what was seen of the same session. */
    KERNEL_LOSS_STATES_UNSEEN = EVENT_LOSS_STATES_UNSEEN,
    KERNEL_LOSSES = EVENT_LOSSES
};

/* Losses since the start, all processors together. 0 or a negative errno. */
int kernel_read_losses(const struct kernel *k, uint64_t ret[KERNEL_LOSSES]);

/* The size of each ring. */
uint64_t kernel_ring_bytes(const struct kernel *k);

/* The most bytes that kernel_consume() has found waiting in one ring since this was asked last. */
uint64_t kernel_ring_peak(struct kernel *k);

/* The hooks in force, for the metadata. */
const char *kernel_hooks(const struct kernel *k);

#endif
