/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/recorder_loss.h"

#include <inttypes.h>
#include <stdio.h>

#include "util/message.h"

static const struct {
    enum tlz_loss_cause cause;
    enum tlz_kind kind;
    const char *bound;
    const char *advice;
} losses[RECORDER_LOSSES] = {
    [KERNEL_LOSS_RING_FULL] = {TLZ_LOSS_RING_FULL, TLZ_SESSIONS, "",
                               "lost: the ring buffer was full; a larger --ring holds more"},
    [KERNEL_LOSS_NO_STORAGE] =
        {TLZ_LOSS_NO_STORAGE, TLZ_SESSIONS, "",
         "lost: the kernel had no room for it (raise net.core.optmem_max; of "
         "--storage hash the number behind it), or did not list it at the "
         "end"},
    [KERNEL_LOSS_UNSEEN] = {TLZ_LOSS_UNSEEN, TLZ_SESSIONS, "at most ",
                            "lost, or without one of their states: the kernel left out changes "
                            "of state that an interrupt brought while another was handled"},
    [KERNEL_LOSS_STATES_RING_FULL] = {TLZ_LOSS_RING_FULL, TLZ_STATES, "",
                                      "lost: the ring buffer was full; a larger --ring holds more"},
    [KERNEL_LOSS_STATES_UNSEEN] = {TLZ_LOSS_UNSEEN, TLZ_STATES, "about ",
                                   "lost: the kernel left out changes of state that an interrupt "
                                   "brought while another was handled"},
    [RECORDER_LOSS_UNWRITTEN] = {TLZ_LOSS_WRITE_ERROR, TLZ_SESSIONS, "",
                                 "lost: the capture could not be written for a time; see that "
                                 "there is room for it"},
    [RECORDER_LOSS_STATES_UNWRITTEN] = {TLZ_LOSS_WRITE_ERROR, TLZ_STATES, "",
                                        "lost: the capture could not be written for a time; see "
                                        "that there is room for it"},
};

enum tlz_loss_cause loss_cause(int loss)
{
    return losses[loss].cause;
}

enum tlz_kind loss_kind(int loss)
{
    return losses[loss].kind;
}

uint64_t losses_sum(const uint64_t lost[RECORDER_LOSSES], enum tlz_kind kind)
{
    uint64_t sum = 0;

    for (int i = 0; i < RECORDER_LOSSES; i++)
        if (losses[i].kind == kind)
            sum += lost[i];
    return sum;
}

static const char *noun(enum tlz_kind kind, uint64_t count)
{
    if (kind == TLZ_STATES)
        return count == 1 ? "change of state" : "changes of state";
    return count == 1 ? "session" : "sessions";
}

void losses_explain(const uint64_t lost[RECORDER_LOSSES], bool has_failed)
{
    for (int i = 0; i < RECORDER_LOSSES; i++)
        if (lost[i] && !(losses[i].cause == TLZ_LOSS_WRITE_ERROR && has_failed))
            message_warning("%s%" PRIu64 " %s %s", losses[i].bound, lost[i],
                            noun(losses[i].kind, lost[i]), losses[i].advice);
}

struct loss_text loss_text(uint64_t sessions, uint64_t states)
{
    struct loss_text text;
    int size =
        snprintf(text.s, sizeof text.s, "%" PRIu64 " %s", sessions, noun(TLZ_SESSIONS, sessions));

    if (states)
        snprintf(text.s + size, sizeof text.s - (size_t)size, " and %" PRIu64 " %s", states,
                 noun(TLZ_STATES, states));
    return text;
}
