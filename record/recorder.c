/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/recorder.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "format/error.h"
#include "record/host.h"
#include "record/session_row.h"
#include "record/state_row.h"
#include "util/cleanup.h"
#include "util/message.h"

/* From the callback of the ring: enough was taken. */
#define STOP_TAKING (-ECANCELED)

static void free_metadata(struct tlz_metadata **meta)
{
    *meta = tlz_metadata_free(*meta);
}

static int write_start(struct recorder *r, const struct host_facts *facts)
{
    _cleanup_(free_metadata) struct tlz_metadata *file = tlz_metadata_new();
    _cleanup_(free_metadata) struct tlz_metadata *source = tlz_metadata_new();
    struct tlz_output output = {.write = destination_write, .context = &r->file};
    struct tlz_writer_options options = {.level = r->options->level};
    int error = file && source ? 0 : -ENOMEM;

    if (error == 0)
        error = host_describe_file(facts, file);
    if (error == 0)
        error = host_describe_source(facts, source);
    if (error == 0)
        error = tlz_writer_open(&r->writer, &output, &options, file);
    if (error == 0)
        error = tlz_writer_add_source(r->writer, source, &r->source);
    return error;
}

/* What the filters' numbers mean is known even if they select nothing. */
static int note_filters(struct recorder *r)
{
    struct tlz_row filters;

    tlz_row_clear(&filters);
    if (r->options->netns)
        tlz_row_set(&filters, TLZ_NETNS, r->options->netns);
    if (r->options->cgroup)
        tlz_row_set(&filters, TLZ_CGROUP, r->options->cgroup);
    return names_note(r->names, &filters);
}

/* The clock and the names, and with them all that is needed to begin the file. */
static int begin(struct recorder *r, char *const *argv)
{
    struct host_facts facts = {
        .hooks = kernel_hooks(r->kernel), .argv = argv, .options = r->options};
    int error = clock_source_open(&r->clock_source);

    if (error < 0) {
        message_error("cannot tell the kernel's clock from this time namespace's: %s",
                      strerror(-error));
        return error;
    }
    error = clock_read_pair(&r->clock_source, &r->clock);
    r->stored_clock = r->clock;
    if (error == 0)
        error = names_open(&r->names);
    if (error == 0)
        error = note_filters(r);
    if (error == 0)
        error = socket_hash_open(&r->sockets);
    if (error == 0 && getrandom(facts.capture_id, sizeof facts.capture_id, 0) < 0)
        error = -errno;
    facts.created_us = r->clock.real_us;
    if (error == 0)
        error = write_start(r, &facts);
    if (error < 0)
        message_error("cannot write %s: %s", r->file.path, tlz_strerror(error));
    return error;
}

int recorder_open(struct recorder *ret, const struct record_options *options, char *const *argv,
                  struct kernel *kernel)
{
    int error;

    *ret = (struct recorder){.options = options, .kernel = kernel};
    error = destination_open(&ret->file, options->output, options->force);
    if (error < 0)
        return error;
    error = begin(ret, argv);
    if (error < 0) {
        destination_discard(&ret->file);
        recorder_close(ret);
    }
    return error;
}

bool recorder_has_enough(const struct recorder *r)
{
    return r->options->count && r->taken[TLZ_SESSIONS] == r->options->count;
}

/*
 * A file may be written again later, and may have been by now: a flush writes two blocks. Any other
 * error of the writer ends the recording.
 */
static int outlive(struct recorder *r, int error)
{
    bool is_of_file = r->file.failures != r->failures && !r->file.is_stdout;
    struct tlz_writer_stats stats;

    r->failures = r->file.failures;
    if (error == 0)
        return 0;
    tlz_writer_stats(r->writer, &stats);
    r->lost[RECORDER_LOSS_UNWRITTEN] = stats.of[TLZ_SESSIONS].dropped;
    r->lost[RECORDER_LOSS_STATES_UNWRITTEN] = stats.of[TLZ_STATES].dropped;
    if (is_of_file)
        return 0;
    r->error = error;
    return error;
}

/* Before the sessions that use them. One that cannot be written is written later. */
static int write_names(struct recorder *r)
{
    return outlive(r, names_write(r->names, r->writer, r->source));
}

/* Adds a row, which may fill the block and have it written. */
static int add_row(struct recorder *r, enum tlz_kind kind, const struct tlz_row *row)
{
    struct tlz_writer_stats stats;
    int error = 0;

    tlz_writer_stats(r->writer, &stats);
    if (stats.of[kind].pending + 1 >= TLZ_ROWS_MAX)
        error = write_names(r);
    if (error < 0)
        return error;
    return outlive(r, tlz_writer_add_row(r->writer, kind, r->source, &r->clock, row));
}

/* Takes a row of that kind. */
static int take_row(struct recorder *r, enum tlz_kind kind, const struct tlz_row *row)
{
    int error;

    r->taken[kind]++;
    error = names_note(r->names, row);
    if (error < 0)
        r->error = error;
    else
        error = add_row(r, kind, row);
    return error == 0 && recorder_has_enough(r) ? STOP_TAKING : error;
}

static int take_session(void *context, const struct event *e)
{
    struct recorder *r = context;
    struct tlz_row session;

    session_from_event(e, &session);
    return take_row(r, TLZ_SESSIONS, &session);
}

static int take_state(void *context, const struct state_event *e)
{
    struct recorder *r = context;
    struct tlz_row change;

    state_from_event(e, socket_hash(&r->sockets, e->sk), &change);
    return take_row(r, TLZ_STATES, &change);
}

int recorder_take(struct recorder *r)
{
    const struct kernel_taker taker = {take_session, take_state, r};
    int result;

    if (r->error < 0)
        return r->error;
    if (recorder_has_enough(r))
        return 1;
    result = kernel_consume(r->kernel, &taker);
    r->more = result == 1;
    if (result == STOP_TAKING)
        return 1;
    if (result < 0)
        r->error = result;
    return result < 0 ? result : 0;
}

/* Those of one cause that are not yet in the capture. */
static int write_loss(struct recorder *r, int i, uint64_t now_us)
{
    struct tlz_loss loss = {
        .cause = loss_cause(i),
        .kind = loss_kind(i),
        .count = r->lost[i] - r->stored[i],
        .from_us = r->stored_clock.real_us,
        .to_us = now_us,
    };
    int error = loss.count ? tlz_writer_add_loss(r->writer, r->source, &loss) : 0;

    if (error == 0)
        r->stored[i] = r->lost[i];
    return error;
}

static int write_losses(struct recorder *r)
{
    struct tlz_clock now;
    int error = kernel_read_losses(r->kernel, r->lost);

    if (error == 0)
        error = clock_read_pair(&r->clock_source, &now);
    for (int i = 0; error == 0 && i < RECORDER_LOSSES; i++)
        error = write_loss(r, i, clock_unix_us(&r->stored_clock, now.boot_us));
    if (error == 0)
        r->stored_clock = now;
    return error;
}

static int write_all(struct recorder *r)
{
    int error = write_names(r);

    if (error < 0)
        return error;
    error = tlz_writer_flush(r->writer);
    if (error == 0)
        error = write_losses(r);
    error = outlive(r, error);
    if (error == 0)
        error = clock_read_pair(&r->clock_source, &r->clock);
    if (error < 0)
        r->error = error;
    return error;
}

int recorder_flush(struct recorder *r)
{
    int taken = recorder_take(r);
    int error;

    if (taken < 0)
        return taken;
    error = write_all(r);
    return error < 0 ? error : taken;
}

int recorder_list_open(struct recorder *r)
{
    int result;

    if (r->error < 0)
        return r->error;
    if (recorder_has_enough(r))
        return 0;
    do /* those that have ended come first */
        result = recorder_take(r);
    while (result == 0 && r->more);
    if (result != 0)
        return result < 0 ? result : 0;
    result = kernel_list_open(r->kernel, take_session, r);
    if (r->error < 0)
        return r->error;
    if (result < 0 && result != STOP_TAKING)
        message_warning(
            "cannot list the sessions that are still open: %s; they are not in the capture",
            strerror(-result));
    return 0;
}

static int write_end(struct recorder *r, const char *reason)
{
    _cleanup_(free_metadata) struct tlz_metadata *end = tlz_metadata_new();
    int error = end ? 0 : -ENOMEM;

    if (error == 0)
        error = write_losses(r); /* those of a last flush that failed */
    if (error == 0)
        error = names_finish(r->names, r->writer, r->source);
    if (error == 0)
        error = tlz_metadata_set_number(end, TLZ_META_ENDED_US, r->clock.real_us);
    if (error == 0)
        error = tlz_metadata_set_text(end, TLZ_META_REASON, reason);
    if (error == 0)
        error = tlz_writer_finish(r->writer, end);
    if (error == 0)
        error = destination_close(&r->file);
    if (error < 0)
        r->error = error;
    return error;
}

int recorder_finish(struct recorder *r, const char *reason)
{
    int error;

    do
        error = recorder_flush(r);
    while (error == 0 && r->more);
    return error < 0 ? error : write_end(r, reason);
}

void recorder_stats(const struct recorder *r, struct tlz_writer_stats *ret)
{
    tlz_writer_stats(r->writer, ret);
    for (enum tlz_kind kind = 0; kind < TLZ_KINDS; kind++)
        ret->of[kind].lost = losses_sum(r->lost, kind);
}

void recorder_close(struct recorder *r)
{
    destination_close(&r->file);
    r->writer = tlz_writer_free(r->writer);
    r->names = names_free(r->names);
    socket_hash_close(&r->sockets);
}
