/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/snapshot.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "record/recorder_file.h"
#include "record/status.h"
#include "record/timer.h"
#include "util/message.h"

/* So much is written before the kernel's ring is looked at again: some milliseconds. */
#define SLICE_BYTES ((size_t)1 << 20)

struct snapshot {
    struct destination file;
    struct tlz_writer *writer;
    uint32_t source;
    char *path; /* once it has its name */
};

/* Of the writer whose blocks are kept. */
static int write_history(void *context, const void *data, size_t size)
{
    struct recorder *r = context;

    r->file.error = history_write(&r->history, timer_now_us(), data, size);
    r->file.failures += r->file.error < 0;
    return r->file.error;
}

int snapshot_open(struct recorder *r)
{
    const struct snapshot_options *options = &r->options->snapshot;
    const struct tlz_output output = {.write = write_history, .context = r};
    int error = recorder_ring_open(r);

    if (error < 0)
        return error;
    r->file.path = r->ring.path;
    error = getrandom(r->id, sizeof r->id, 0) < 0 ? -errno : 0;
    if (error == 0)
        error = history_open(&r->history, options->bytes, options->span_us);
    if (error == 0)
        error = recorder_begin(r, &output);
    if (error < 0)
        message_error("cannot begin to record into memory: %s", destination_strerror(error));
    return error;
}

/* Copies what lies before `end`. What ends meanwhile is taken, and lies behind. */
static int copy_blocks(struct recorder *r, struct snapshot *s, uint64_t end)
{
    struct history *h = &r->history;
    uint64_t position = h->tail;
    uint64_t slice_end = s->file.bytes + SLICE_BYTES;
    struct tlz_copied_block block;
    int error = 0;

    while (error == 0) {
        h->pinned = position;
        if (!history_next(h, &position, end, &block))
            break;
        error = tlz_writer_copy_block(s->writer, s->source, &block);
        if (error == 0 && s->file.bytes >= slice_end) {
            slice_end = s->file.bytes + SLICE_BYTES;
            h->pinned = position;
            error = recorder_take(r);
            error = error < 0 ? error : 0;
        }
    }
    h->pinned = UINT64_MAX;
    return error;
}

static int copy_names(const struct recorder *r, const struct snapshot *s)
{
    struct tlz_copied_block block;
    size_t position = 0;
    int error = 0;

    while (error == 0 && history_next_name(&r->history, &position, &block))
        error = tlz_writer_copy_block(s->writer, s->source, &block);
    return error;
}

static int fill(struct recorder *r, struct snapshot *s, const char *reason)
{
    const struct tlz_output output = {.write = destination_write, .context = &s->file};
    uint64_t end = r->history.head;
    int error;

    history_forget(&r->history, timer_now_us());
    error = recorder_start_writer(r, r->started_us, &output, &s->writer, &s->source);
    if (error == 0)
        error = copy_names(r, s);
    if (error == 0)
        error = copy_blocks(r, s, end);
    if (error == 0)
        error = recorder_end_writer(r, s->writer, reason);
    if (error == 0 && fsync(s->file.fd) < 0)
        error = -errno;
    return error;
}

/* What is in it. */
static void say_written(const struct snapshot *s)
{
    struct tlz_writer_stats stats;

    tlz_writer_stats(s->writer, &stats);
    status_close(&(struct status){0}, s->path, &stats, true);
}

int snapshot_write(struct recorder *r, const char *reason)
{
    struct snapshot s = {0};
    int error = file_ring_create_hidden(&r->ring, &s.file);

    if (error == 0) {
        error = fill(r, &s, reason);
        if (error == 0)
            error = file_ring_publish(&r->ring, r->clock.real_us, &s.file, &s.path);
        else
            file_ring_discard(&r->ring, &s.file);
    }
    if (error < 0) {
        message_error("cannot write a snapshot into %s: %s; the recording goes on in memory",
                      r->ring.path, destination_strerror(error));
    } else {
        say_written(&s);
        if (r->finished)
            r->finished(r->finished_context, s.path);
        r->snapshots++;
        r->files++;
        file_ring_trim(&r->ring);
    }
    tlz_writer_free(s.writer);
    free(s.path);
    return error;
}
