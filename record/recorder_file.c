/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/recorder_file.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/random.h>

#include "format/error.h"
#include "record/host.h"
#include "record/snapshot.h"
#include "util/cleanup.h"
#include "util/message.h"

/* What belongs to one file. The writer writes to the file that the recorder has at that time. */
struct part {
    struct destination file;
    struct tlz_writer *writer;
    uint32_t source;
    struct names *names;
    char *path;
    uint64_t begun_bytes;
    uint64_t failures; /* as of the recorder's last look */
    ino_t inode;       /* of a ring's file */
};

static struct part take_part(const struct recorder *r)
{
    return (struct part){r->file, r->writer,      r->source,   r->names,
                         r->path, r->begun_bytes, r->failures, r->ring.current};
}

static void set_part(struct recorder *r, const struct part *part)
{
    r->file = part->file;
    r->writer = part->writer;
    r->source = part->source;
    r->names = part->names;
    r->path = part->path;
    r->begun_bytes = part->begun_bytes;
    r->failures = part->failures;
    r->ring.current = part->inode;
}

static void free_part(struct part *part)
{
    destination_close(&part->file);
    tlz_writer_free(part->writer);
    names_free(part->names);
    free(part->path);
}

static void free_metadata(struct tlz_metadata **meta)
{
    *meta = tlz_metadata_free(*meta);
}

int recorder_start_writer(const struct recorder *r, uint64_t created_us,
                          const struct tlz_output *output, struct tlz_writer **ret,
                          uint32_t *ret_source)
{
    _cleanup_(free_metadata) struct tlz_metadata *file = tlz_metadata_new();
    _cleanup_(free_metadata) struct tlz_metadata *source = tlz_metadata_new();
    struct tlz_writer_options options = {.level = r->options->level};
    struct host_facts facts = {
        .hooks = kernel_hooks(r->kernel),
        .argv = r->argv,
        .options = r->options,
        .created_us = created_us,
    };
    int error = file && source ? 0 : -ENOMEM;

    if (r->options->snapshot.is_wanted)
        memcpy(facts.capture_id, r->id, sizeof facts.capture_id);
    else if (error == 0 && getrandom(facts.capture_id, sizeof facts.capture_id, 0) < 0)
        error = -errno;
    if (error == 0 && getrandom(&options.salt, sizeof options.salt, 0) < 0)
        error = -errno;
    if (error == 0)
        error = host_describe_file(&facts, file);
    if (error == 0)
        error = host_describe_source(&facts, source);
    if (error == 0)
        error = tlz_writer_open(ret, output, &options, file);
    if (error == 0)
        error = tlz_writer_add_source(*ret, source, ret_source);
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

int recorder_open_names(struct recorder *r)
{
    int error = names_open(&r->names, r->initial_netns, r->name_service);

    return error < 0 ? error : note_filters(r);
}

int recorder_begin(struct recorder *r, const struct tlz_output *output)
{
    int error = recorder_open_names(r);

    if (error == 0)
        error = recorder_start_writer(r, r->clock.real_us, output, &r->writer, &r->source);
    r->begun_bytes = r->file.bytes;
    return error;
}

static int begin(struct recorder *r)
{
    const struct tlz_output output = {.write = destination_write, .context = &r->file};

    return recorder_begin(r, &output);
}

/* The next file of the ring, and the capture in it. 0, or a negative error: all is as it was. */
static int begin_next(struct recorder *r)
{
    const struct part before = take_part(r);
    struct part next = {.file.fd = -1};
    int error = file_ring_create(&r->ring, &next.file, &next.path);

    if (error < 0) {
        set_part(r, &before);
        return error;
    }
    next.inode = r->ring.current;
    set_part(r, &next);
    error = begin(r);
    if (error == 0)
        error = file_ring_name(&r->ring, r->clock.real_us, &r->file, &r->path);
    if (error < 0) {
        file_ring_discard(&r->ring, &r->file);
        next = take_part(r);
        free_part(&next);
        set_part(r, &before);
    }
    r->files += error == 0;
    return error;
}

int recorder_ring_open(struct recorder *r)
{
    const struct identity *identity = &r->options->identity;
    int error = identity_assume(identity);
    int resumed;

    if (error == 0)
        error = file_ring_open(&r->ring, r->options->output, &r->options->ring);
    resumed = identity_resume(identity);
    return error < 0 ? error : resumed;
}

/* As who makes the later files. */
static int open_first(struct recorder *r)
{
    const struct identity *identity = &r->options->identity;
    int error = identity_assume(identity);
    int resumed;

    if (error == 0)
        error = begin_next(r);
    resumed = identity_resume(identity);
    if (error == 0)
        error = resumed;
    if (error < 0)
        message_error("cannot begin a capture in %s as %s: %s", r->ring.path, identity->name,
                      destination_strerror(error));
    return error;
}

static int open_ring(struct recorder *r)
{
    int error = recorder_ring_open(r);

    return error < 0 ? error : open_first(r);
}

int recorder_file_open(struct recorder *r)
{
    int error;

    if (r->options->snapshot.is_wanted)
        return snapshot_open(r);
    if (ring_is_wanted(&r->options->ring))
        return open_ring(r);
    error = destination_open(&r->file, r->options->output, r->options->force);
    if (error < 0)
        return error;
    error = begin(r);
    if (error < 0) {
        message_error("cannot write %s: %s", r->file.path, tlz_strerror(error));
        destination_discard(&r->file);
    }
    r->files += error == 0;
    return error;
}

/* Those of one cause that are not yet in a capture. */
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

int recorder_write_losses(struct recorder *r)
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

static void tell_finished(const struct recorder *r)
{
    if (r->path && r->finished)
        r->finished(r->finished_context, r->path);
}

int recorder_end_writer(const struct recorder *r, struct tlz_writer *writer, const char *reason)
{
    _cleanup_(free_metadata) struct tlz_metadata *end = tlz_metadata_new();
    int error = end ? tlz_metadata_set_number(end, TLZ_META_ENDED_US, r->clock.real_us) : -ENOMEM;

    if (error == 0)
        error = tlz_metadata_set_text(end, TLZ_META_REASON, reason);
    if (error == 0 && r->options->states) /* recorded, and maybe none */
        error = tlz_metadata_set_number(end, TLZ_META_STATES, 0);
    return error < 0 ? error : tlz_writer_finish(writer, end);
}

int recorder_file_end(struct recorder *r, const char *reason, bool is_last)
{
    int error = recorder_write_losses(r); /* those of a last flush that failed */

    if (error == 0 && is_last)
        error = names_finish(r->names, r->writer, r->source);
    if (error == 0)
        error = recorder_end_writer(r, r->writer, reason);
    if (error == 0)
        error = destination_close(&r->file);
    if (error == 0)
        tell_finished(r);
    return error;
}

static void add_stats(struct tlz_writer_stats *sum, const struct tlz_writer_stats *stats)
{
    for (enum tlz_kind kind = 0; kind < TLZ_KINDS; kind++) {
        sum->of[kind].written += stats->of[kind].written;
        sum->of[kind].pending += stats->of[kind].pending;
        sum->of[kind].dropped += stats->of[kind].dropped;
        sum->of[kind].lost += stats->of[kind].lost;
    }
    sum->bytes += stats->bytes;
    sum->blocks += stats->blocks;
}

void recorder_file_stats(const struct recorder *r, struct tlz_writer_stats *ret)
{
    tlz_writer_stats(r->writer, ret);
    add_stats(ret, &r->past);
}

void recorder_count_dropped(struct recorder *r)
{
    struct tlz_writer_stats stats;

    recorder_file_stats(r, &stats);
    r->lost[RECORDER_LOSS_UNWRITTEN] = stats.of[TLZ_SESSIONS].dropped;
    r->lost[RECORDER_LOSS_STATES_UNWRITTEN] = stats.of[TLZ_STATES].dropped;
}

/* What it has can be read, whether it gets its end or not. What was lost and could not be written
 * into it stands in the next. */
static void end_before(struct recorder *r, struct part *before)
{
    const struct part next = take_part(r);
    struct tlz_writer_stats stats;
    int error;

    set_part(r, before);
    error = recorder_file_end(r, "rotated", false);
    if (error < 0) {
        message_warning("cannot end %s: %s; what is in it can be read, and the next file is begun",
                        r->file.path, destination_strerror(error));
        (void)destination_close(&r->file);
        tell_finished(r);
    }
    tlz_writer_stats(r->writer, &stats);
    r->past_failures += r->file.failures;
    *before = take_part(r);
    set_part(r, &next);
    add_stats(&r->past, &stats);
    free_part(before);
}

static void say_cannot_rotate(struct recorder *r, int error)
{
    if (!r->has_said_overdue)
        message_error("cannot begin the next capture in %s: %s; %s goes on until it can",
                      r->ring.path, destination_strerror(error), r->file.path);
    r->has_said_overdue = true;
}

int recorder_rotate(struct recorder *r)
{
    int taken = recorder_flush(r);
    struct part before = take_part(r);
    int error;

    if (taken != 0)
        return taken;
    r->is_due = true;
    error = begin_next(r);
    if (error < 0) {
        say_cannot_rotate(r, error);
        return 0;
    }
    r->is_due = r->has_said_overdue = false;
    end_before(r, &before);
    file_ring_trim(&r->ring);
    if (r->options->verbose)
        message_notice("recording to %s", r->file.path);
    return 0;
}

/* A beginning with a long note is no reason to begin another. */
bool recorder_is_due(const struct recorder *r)
{
    uint64_t bytes = r->options->ring.rotate_bytes;

    return r->is_due || (bytes && r->file.bytes >= bytes && r->file.bytes >= 2 * r->begun_bytes);
}
