/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/recorder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "format/error.h"
#include "record/netns_path.h"
#include "record/recorder_file.h"
#include "record/session_row.h"
#include "record/state_row.h"
#include "util/message.h"

/* From the callback of the ring: enough was taken. */
#define STOP_TAKING (-ECANCELED)

/* The clock and the rest that all files share. */
static int begin(struct recorder *r)
{
    int error = clock_source_open(&r->clock_source);

    if (error < 0) {
        message_error("cannot tell the kernel's clock from this time namespace's: %s",
                      strerror(-error));
        return error;
    }
    error = clock_read_pair(&r->clock_source, &r->clock);
    r->stored_clock = r->clock;
    r->started_us = r->flushed_us = r->clock.real_us;
    if (error == 0)
        error = socket_hash_open(&r->sockets);
    if (error < 0)
        message_error("cannot begin to record: %s", tlz_strerror(error));
    return error;
}

int recorder_open(struct recorder *ret, const struct record_options *options, char *const *argv,
                  struct kernel *kernel, const struct name_service *service)
{
    int error;

    *ret = (struct recorder){
        .options = options,
        .argv = argv,
        .kernel = kernel,
        .name_service = service,
        .initial_netns = netns_initial(),
        .file.fd = -1,
        .ring.dir_fd = -1,
    };
    error = begin(ret);
    if (error == 0)
        error = recorder_file_open(ret);
    if (error < 0)
        recorder_close(ret);
    return error;
}

int recorder_publish(struct recorder *r)
{
    int error = r->ring.path ? identity_assume(&r->options->identity) : 0;

    if (!r->ring.path)
        return destination_publish(&r->file);
    if (error == 0)
        file_ring_trim(&r->ring);
    if (error == 0)
        error = identity_resume(&r->options->identity);
    if (error < 0)
        message_error("cannot look into %s as %s: %s", r->ring.path, r->options->identity.name,
                      strerror(-error));
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

    r->failures = r->file.failures;
    if (error == 0)
        return 0;
    recorder_count_dropped(r);
    if (is_of_file)
        return 0;
    r->error = error;
    return error;
}

/*
 * In memory they are kept for ever, and so begin anew once they are many: those of before stay
 * until these are as many.
 */
static int renew_names(struct recorder *r)
{
    if (!r->options->snapshot.is_wanted || !names_are_many(r->names))
        return 0;
    names_free(r->names);
    r->names = NULL;
    history_age_names(&r->history);
    return recorder_open_names(r);
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

static int write_all(struct recorder *r)
{
    int error = write_names(r);
    bool is_good;

    if (error < 0)
        return error;
    error = tlz_writer_flush(r->writer);
    if (error == 0)
        error = recorder_write_losses(r);
    r->ring_peak = kernel_ring_peak(r->kernel);
    is_good = error == 0;
    error = outlive(r, error);
    if (error == 0)
        error = clock_read_pair(&r->clock_source, &r->clock);
    if (error == 0)
        error = renew_names(r);
    if (error == 0 && is_good)
        r->flushed_us = r->clock.real_us;
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

int recorder_finish(struct recorder *r, const char *reason)
{
    int error;

    file_ring_finish(&r->ring);
    do
        error = recorder_flush(r);
    while (error == 0 && r->more);
    if (error >= 0)
        error = r->error = recorder_file_end(r, reason, true);
    return error;
}

void recorder_stats(const struct recorder *r, struct tlz_writer_stats *ret)
{
    recorder_file_stats(r, ret);
    for (enum tlz_kind kind = 0; kind < TLZ_KINDS; kind++)
        ret->of[kind].lost = losses_sum(r->lost, kind);
}

void recorder_close(struct recorder *r)
{
    destination_close(&r->file);
    r->writer = tlz_writer_free(r->writer);
    r->names = names_free(r->names);
    socket_hash_close(&r->sockets);
    file_ring_close(&r->ring);
    history_close(&r->history);
    free(r->path);
    r->path = NULL;
}
