/* SPDX-License-Identifier: BSD-2-Clause */
/* What a recording says at its end: the error that ended it, and what was lost. */
#include <inttypes.h>

#include "record/recorder_file.h"
#include "util/message.h"

static int count_session(void *context, const struct event *e)
{
    struct recorder *r = context;

    (void)e;
    r->taken[TLZ_SESSIONS]++;
    return 0;
}

static int count_state(void *context, const struct state_event *e)
{
    struct recorder *r = context;

    (void)e;
    r->taken[TLZ_STATES]++;
    return 0;
}

/* What it did not write: what still waits in the ring is lost as well. */
static void count_unwritten(struct recorder *r)
{
    const struct kernel_taker counter = {count_session, count_state, r};
    struct tlz_writer_stats stats;

    while (!recorder_has_enough(r) && kernel_consume(r->kernel, &counter) > 0)
        ;
    (void)kernel_read_losses(r->kernel, r->lost);
    recorder_file_stats(r, &stats);
    r->lost[RECORDER_LOSS_UNWRITTEN] = r->taken[TLZ_SESSIONS] - stats.of[TLZ_SESSIONS].written;
    r->lost[RECORDER_LOSS_STATES_UNWRITTEN] = r->taken[TLZ_STATES] - stats.of[TLZ_STATES].written;
}

static const char *error_text(int error)
{
    switch (error) {
    case RECORDER_READER_STALLED:
        return "its reader took nothing for 5 seconds";
    case RECORDER_INTERRUPTED:
        return "its reader took nothing, and a second signal came";
    default:
        return destination_strerror(error);
    }
}

void recorder_explain_error(struct recorder *r)
{
    count_unwritten(r);
    if (r->error == -EPIPE)
        return;
    if (r->file.fd < 0)
        message_error("cannot close %s: %s; what was written last may be missing", r->file.path,
                      error_text(r->error));
    else
        message_error(
            "cannot write %s at byte %" PRIu64 ": %s; %s could not be written, what came "
            "before can be read",
            r->file.path, r->file.bytes, error_text(r->error),
            loss_text(r->lost[RECORDER_LOSS_UNWRITTEN], r->lost[RECORDER_LOSS_STATES_UNWRITTEN]).s);
}

void recorder_explain_losses(const struct recorder *r)
{
    losses_explain(r->lost, r->error < 0);
}
