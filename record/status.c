/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/status.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "record/recorder_loss.h"
#include "util/message.h"

#define US_PER_SECOND  UINT64_C(1000000)
#define TROUBLE_US     (60 * US_PER_SECOND)
#define ERASE_TO_RIGHT "\033[K" /* ECMA-48 EL */

struct text {
    char s[128];
};

static struct text format_size(uint64_t bytes)
{
    struct text text;

    if (bytes < 10000)
        snprintf(text.s, sizeof text.s, "%" PRIu64 " bytes", bytes);
    else if (bytes < 10000 * UINT64_C(1024))
        snprintf(text.s, sizeof text.s, "%" PRIu64 " KB", bytes / 1024);
    else
        snprintf(text.s, sizeof text.s, "%" PRIu64 " MB", bytes / 1024 / 1024);
    return text;
}

static struct text format_elapsed(uint64_t us)
{
    uint64_t s = us / US_PER_SECOND;
    struct text text;

    snprintf(text.s, sizeof text.s, "%02" PRIu64 ":%02" PRIu64 ":%02" PRIu64, s / 3600, s / 60 % 60,
             s % 60);
    return text;
}

/* "17 LOST" are sessions; what else was lost is named. */
static struct text format_lost(const struct tlz_writer_stats *stats)
{
    uint64_t sessions = stats->of[TLZ_SESSIONS].lost;
    uint64_t states = stats->of[TLZ_STATES].lost;
    struct text text = {"nothing lost"};

    if (states)
        snprintf(text.s, sizeof text.s, "%s LOST", loss_text(sessions, states).s);
    else if (sessions)
        snprintf(text.s, sizeof text.s, "%" PRIu64 " LOST", sessions);
    return text;
}

/* Of a capture without an end nobody knows that nothing was lost. */
static struct text format_incomplete(const struct tlz_writer_stats *stats)
{
    struct text text = {"incomplete"};

    if (stats->of[TLZ_SESSIONS].lost || stats->of[TLZ_STATES].lost)
        snprintf(text.s, sizeof text.s, "%.100s, incomplete", format_lost(stats).s);
    return text;
}

/* "40 changes of state" behind what stands before it; nothing when there are none. */
static struct text format_states(uint64_t states, const char *before)
{
    struct text text = {""};

    if (states)
        snprintf(text.s, sizeof text.s, "%s%" PRIu64 " change%s of state", before, states,
                 states == 1 ? "" : "s");
    return text;
}

void status_start(struct status *s, uint64_t now_us)
{
    *s = (struct status){.start_us = now_us, .last_us = now_us};
}

void status_show(struct status *s, uint64_t now_us, const struct tlz_writer_stats *stats)
{
    uint64_t sessions = stats->of[TLZ_SESSIONS].written + stats->of[TLZ_SESSIONS].pending;
    uint64_t states = stats->of[TLZ_STATES].written + stats->of[TLZ_STATES].pending;
    uint64_t step_us = now_us - s->last_us;
    uint64_t rate = step_us ? (sessions - s->last_sessions) * US_PER_SECOND / step_us : 0;

    fprintf(stderr, "\r%s  %" PRIu64 " sessions  %" PRIu64 "/s%s  %s  %s" ERASE_TO_RIGHT,
            format_elapsed(now_us - s->start_us).s, sessions, rate, format_states(states, "  ").s,
            format_size(stats->bytes).s, format_lost(stats).s);
    fflush(stderr);
    s->is_shown = true;
    s->last_us = now_us;
    s->last_sessions = sessions;
}

static const char *remedy(int error)
{
    switch (error) {
    case -ENOSPC:
    case -EDQUOT:
    case DESTINATION_MIN_FREE:
        return "there is room again";
    case -EFBIG:
        return "its size may be larger (ulimit -f)";
    default:
        return "it can be written again";
    }
}

void status_trouble(struct status *s, uint64_t now_us, const struct destination *file,
                    uint64_t lost)
{
    bool is_in_trouble = destination_may_recover(file);

    if (is_in_trouble == s->has_said_trouble ||
        (is_in_trouble && s->trouble_us && now_us - s->trouble_us < TROUBLE_US))
        return;
    s->has_said_trouble = is_in_trouble;
    status_clear(s);
    if (is_in_trouble) {
        s->trouble_us = now_us;
        message_error("cannot write %s at byte %" PRIu64 ": %s; sessions are lost until %s",
                      file->path, file->bytes, destination_strerror(file->error),
                      remedy(file->error));
    } else {
        message_warning("%s is written again; %" PRIu64 " session%s lost", file->path, lost,
                        lost == 1 ? "" : "s");
    }
}

void status_clear(struct status *s)
{
    if (!s->is_shown)
        return;
    fputs("\r" ERASE_TO_RIGHT, stderr);
    fflush(stderr);
    s->is_shown = false;
}

struct status_text status_summary(const struct tlz_writer_stats *stats)
{
    uint64_t sessions = stats->of[TLZ_SESSIONS].written + stats->of[TLZ_SESSIONS].pending;
    uint64_t states = stats->of[TLZ_STATES].written + stats->of[TLZ_STATES].pending;
    struct status_text text;

    snprintf(text.s, sizeof text.s, "%" PRIu64 " session%s%s, %s, %s", sessions,
             sessions == 1 ? "" : "s", format_states(states, ", ").s, format_size(stats->bytes).s,
             format_lost(stats).s);
    return text;
}

void status_close(struct status *s, const char *path, const struct tlz_writer_stats *stats,
                  bool is_complete)
{
    uint64_t sessions = stats->of[TLZ_SESSIONS].written;
    uint64_t states = stats->of[TLZ_STATES].written;
    struct text size = format_size(stats->bytes);
    struct text lost = is_complete ? format_lost(stats) : format_incomplete(stats);

    status_clear(s);
    if (states && sessions)
        message_notice("%s: %" PRIu64 " session%s%s, %s, %s", path, sessions,
                       sessions == 1 ? "" : "s", format_states(states, ", ").s, size.s, lost.s);
    else if (sessions)
        message_notice("%s: %" PRIu64 " session%s, %s, %.1f bytes a session, %s", path, sessions,
                       sessions == 1 ? "" : "s", size.s, (double)stats->bytes / (double)sessions,
                       lost.s);
    else
        message_notice("%s: no sessions%s, %s, %s", path, format_states(states, ", ").s, size.s,
                       lost.s);
}
