/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/metrics_text.h"

#include <inttypes.h>

#include "record/recorder_loss.h"

#define US_PER_SECOND UINT64_C(1000000)

/* What stands before the values of one name. */
static void begin(struct joined_text *text, const char *name, const char *type, const char *help)
{
    joined_text_format(text, "# HELP tcplife_%s %s\n# TYPE tcplife_%s %s\n", name, help, name,
                       type);
}

static void add(struct joined_text *text, const char *name, const char *type, const char *help,
                uint64_t value)
{
    begin(text, name, type, help);
    joined_text_format(text, "tcplife_%s %" PRIu64 "\n", name, value);
}

static void add_time(struct joined_text *text, const char *name, const char *help, uint64_t unix_us)
{
    begin(text, name, "gauge", help);
    joined_text_format(text, "tcplife_%s %" PRIu64 ".%06" PRIu64 "\n", name,
                       unix_us / US_PER_SECOND, unix_us % US_PER_SECOND);
}

/* Each cause, also when nothing was lost by it: so that the first loss is a rise. */
static void add_losses(struct joined_text *text, const struct recorder *r, enum tlz_kind kind,
                       const char *name, const char *help)
{
    begin(text, name, "counter", help);
    for (int i = 0; i < RECORDER_LOSSES; i++)
        if (loss_kind(i) == kind)
            joined_text_format(text, "tcplife_%s{cause=\"%s\"} %" PRIu64 "\n", name,
                               tlz_loss_cause_name(loss_cause(i)), r->lost[i]);
}

static void add_rows(struct joined_text *text, const struct recorder *r)
{
    struct tlz_writer_stats stats;

    recorder_stats(r, &stats);
    add(text, "sessions_total", "counter", "TCP sessions written to captures.",
        stats.of[TLZ_SESSIONS].written);
    add(text, "state_changes_total", "counter",
        "Changes of a TCP socket's state written to captures (--states).",
        stats.of[TLZ_STATES].written);
    add_losses(text, r, TLZ_SESSIONS, "lost_sessions_total",
               "TCP sessions lost; of the cause unseen, an upper bound.");
    add_losses(text, r, TLZ_STATES, "lost_state_changes_total",
               "Changes of state lost; of the cause unseen, about so many.");
    add(text, "written_bytes_total", "counter", "Bytes of captures.", stats.bytes);
    add(text, "blocks_total", "counter", "Blocks of captures.", stats.blocks);
}

static void add_ring(struct joined_text *text, const struct recorder *r)
{
    add(text, "ring_size_bytes", "gauge",
        "Size of each of the buffers between the kernel and the recorder.",
        kernel_ring_bytes(r->kernel));
    add(text, "ring_peak_bytes", "gauge",
        "The most that was found waiting in one of these buffers since the flush before.",
        r->ring_peak);
}

void metrics_text(const struct recorder *r, bool is_recording, struct joined_text *text)
{
    begin(text, "build_info", "gauge", "The version of tcplife-record.");
    joined_text_add(text, "tcplife_build_info{version=\"" PROGRAM_VERSION "\"} 1\n");
    add(text, "recording", "gauge", "Whether it records: 1, or 0 at its end.", is_recording);
    add_time(text, "start_time_seconds", "When the recording began, since the Unix epoch.",
             r->started_us);
    add_time(text, "last_flush_timestamp_seconds",
             "When it was written last, since the Unix epoch.", r->flushed_us);
    add_rows(text, r);
    add(text, "files_total", "counter", "Captures begun.", r->files);
    add(text, "write_errors_total", "counter", "Writes to captures that failed.",
        r->past_failures + r->file.failures);
    add_ring(text, r);
}
