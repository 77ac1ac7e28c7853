/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/input/follow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/capture/recording.h"
#include "report/input/follow_events.h"
#include "util/cleanup.h"
#include "util/message.h"

/* Of a capture by which it is known: its preamble and first header. */
#define START_SIZE 64

/* Captures without an end that are read side by side. */
#define UNFINISHED_MAX 16

/* A capture that is being read. */
struct followed {
    struct followed_place *place;
    struct input input; /* its name is the follow's */
    struct stream stream;
    bool has_begun;
    size_t number; /* of its capture */
    uint64_t first_size;
    bool waits; /* all that is there was read */
    uint8_t start[START_SIZE];
    size_t start_size; /* as much of it as was there */
};

struct follow {
    struct captures *captures;
    struct followed_place *places;
    size_t place_count;
    struct followed **files; /* in the order in which they were found */
    size_t file_count;
    char **names; /* of all that were found; captures are called so to the end */
    size_t name_count;
    struct follow_events events;
    bool finishes; /* it was interrupted, and comes to its end */
    bool failed;
};

static int open_place(struct follow *f, const char *operand)
{
    struct followed_place *place = &f->places[f->place_count];

    if (followed_place_open(place, operand) < 0)
        return -ECANCELED;
    f->place_count++;
    follow_events_add(&f->events, place);
    return 0;
}

int follow_open(struct follow **ret, char *const *operands, size_t count, struct captures *captures)
{
    struct follow *f = calloc(1, sizeof *f);
    int r;

    if (!f)
        return -ENOMEM;
    *ret = f;
    f->captures = captures;
    f->places = calloc(count, sizeof *f->places);
    r = follow_events_open(&f->events);
    f->events.listing = true;
    if (r == 0)
        r = f->places ? captures_open_empty(captures, FOLLOW_FILES_MAX) : -ENOMEM;
    for (size_t i = 0; r == 0 && i < count; i++)
        r = open_place(f, operands[i]);
    return r;
}

static void free_file(struct followed *file)
{
    stream_close(&file->stream);
    close_fd(&file->input.fd);
    free(file);
}

struct follow *follow_free(struct follow *f)
{
    if (!f)
        return NULL;
    for (size_t i = 0; i < f->file_count; i++)
        free_file(f->files[i]);
    for (size_t i = 0; i < f->place_count; i++)
        followed_place_close(&f->places[i]);
    for (size_t i = 0; i < f->name_count; i++)
        free(f->names[i]);
    free(f->files);
    free(f->places);
    free(f->names);
    follow_events_close(&f->events);
    free(f);
    return NULL;
}

void follow_allow(const struct follow *f, struct confinement *confinement)
{
    confine_allow_listing(confinement);
    for (size_t i = 0; i < f->place_count; i++)
        confine_allow_read(confinement, f->places[i].directory);
}

bool follow_has_failed(const struct follow *f)
{
    return f->failed;
}

/* What the report itself goes to is no capture. */
static bool is_standard_output(const struct input *input)
{
    struct stat status;

    return fstat(STDOUT_FILENO, &status) == 0 && status.st_dev == input->status.st_dev &&
           status.st_ino == input->status.st_ino;
}

/* Takes over an input, its name and descriptor. 0 or -ENOMEM. */
static int add_file(struct follow *f, struct followed_place *place, const struct input *input)
{
    struct followed *file = calloc(1, sizeof *file);

    if (!file || recording_grow(&f->files, f->file_count, sizeof *f->files) < 0 ||
        recording_grow(&f->names, f->name_count, sizeof *f->names) < 0) {
        free(file);
        free(input->name);
        close(input->fd);
        return -ENOMEM;
    }
    file->place = place;
    file->input = *input;
    file->first_size = (uint64_t)input->status.st_size;
    f->names[f->name_count++] = input->name;
    f->files[f->file_count++] = file;
    if (is_standard_output(input))
        free_file(f->files[--f->file_count]);
    return 0;
}

static int scan_place(struct follow *f, struct followed_place *place)
{
    struct inputs found = {0};
    int r = followed_place_scan(place, &found);

    f->failed |= found.failed;
    for (size_t i = 0; i < found.count; i++) {
        int added = add_file(f, place, &found.input[i]);

        r = r < 0 ? r : added;
    }
    free(found.input);
    return r;
}

static int scan(struct follow *f)
{
    int r = 0;

    f->events.listing = false;
    for (size_t i = 0; r == 0 && i < f->place_count; i++)
        if (!f->places[i].gone)
            r = scan_place(f, &f->places[i]);
    return r;
}

/* Done with that file, whose capture has been told of. */
static void drop(struct follow *f, size_t i)
{
    free_file(f->files[i]);
    f->file_count--;
    for (; i < f->file_count; i++)
        f->files[i] = f->files[i + 1];
}

/* 0, or as stream_open(). */
static int begin(struct follow *f, struct reading *reading, struct followed *file)
{
    if (!file->has_begun && f->captures->count == FOLLOW_FILES_MAX) {
        message_error("%s: %d captures were followed; begin again for more", file->input.name,
                      FOLLOW_FILES_MAX);
        return -ECANCELED;
    }
    if (!file->has_begun)
        file->number = f->captures->count++;
    file->has_begun = true;
    reading->shown->captures->count = f->captures->count;
    file->input.bytes = 0;
    if (lseek(file->input.fd, 0, SEEK_SET) < 0)
        return -errno;
    return stream_open(&file->stream, reading, &file->input, file->number);
}

/* 1 when there are rows, 0 at its end, -EAGAIN, or an error. */
static int advance(struct follow *f, struct reading *reading, struct followed *file)
{
    int r = file->stream.source ? 0 : begin(f, reading, file);

    if (r != 0)
        return r > 0 ? 0 : r;
    return stream_advance(&file->stream, reading);
}

/* What there is of its start. */
static size_t read_start(const struct followed *file, uint8_t ret[START_SIZE])
{
    ssize_t n = pread(file->input.fd, ret, START_SIZE, 0);

    return n > 0 ? (size_t)n : 0;
}

/* It has not become shorter than what was read of it, but for a part of a block, which its writer
 * cut off when it could not write the whole. */
static bool has_what_was_read(struct followed *file, uint64_t size)
{
    uint64_t offset = file->stream.source ? source_offset(file->stream.source) : 0;
    uint8_t start[START_SIZE];

    if (size >= file->input.bytes) {
        if (file->start_size < START_SIZE)
            file->start_size = read_start(file, file->start);
        return true;
    }
    if (size < offset || read_start(file, start) < file->start_size ||
        memcmp(start, file->start, file->start_size) != 0)
        return false;
    file->input.bytes = offset;
    return true;
}

/* No more comes: it has its end, was removed, or was begun anew in its place, which is said. */
static bool is_over(struct followed *file)
{
    struct stat status;

    if (file->stream.capture->end || fstat(file->input.fd, &status) < 0 || status.st_nlink == 0)
        return true;
    if (has_what_was_read(file, (uint64_t)status.st_size))
        return false;
    message_warning("%s: it became shorter while it was read, and is read again from its start",
                    file->input.name);
    followed_place_forget(file->place, file->input.name);
    return true;
}

static size_t count_unfinished(const struct follow *f)
{
    size_t count = 0;

    for (size_t i = 0; i < f->file_count; i++)
        count += f->files[i]->waits;
    return count;
}

/* It waits for more; or, when none will come, is at its end, cut as it may be. */
static void settle(struct follow *f, struct followed *file)
{
    file->waits = true;
    if (!is_over(file) && count_unfinished(f) <= UNFINISHED_MAX)
        return;
    file->input.grows = false;
    f->events.listing = true;
}

/* The newest of its place, or one that grew while it was followed, is still being written. */
static bool is_written(const struct follow *f, size_t i)
{
    const struct followed *file = f->files[i];

    for (size_t j = i + 1; j < f->file_count; j++)
        if (f->files[j]->place == file->place)
            return !file->waits || file->input.bytes > file->first_size;
    return true;
}

/* Lets go of what is still being written; what only lacks its end comes to it. */
static void finish(struct follow *f)
{
    f->finishes = true;
    for (size_t i = 0; i < f->file_count; i++)
        f->files[i]->input.grows = is_written(f, i);
    for (size_t i = f->file_count; i-- > 0;) {
        if (!f->files[i]->input.grows)
            continue;
        if (f->files[i]->has_begun)
            f->files[i]->stream.capture->grows = true;
        drop(f, i);
    }
}

/* The first rows that there are: 1; 0 when all was read; or an error. */
static int take(struct follow *f, struct reading *reading, struct rows *ret)
{
    for (size_t i = 0; i < f->file_count;) {
        struct followed *file = f->files[i];
        int r = advance(f, reading, file);

        if (r > 0) {
            *ret = (struct rows){.batch = file->stream.batch,
                                 .row = file->stream.selected,
                                 .count = file->stream.count,
                                 .source = file->stream.number};
            return 1;
        }
        if (r == -EAGAIN) {
            settle(f, file);
            i += file->input.grows;
        } else if (r < 0) {
            return r;
        } else {
            capture_say(file->stream.capture, reading->kinds);
            drop(f, i);
        }
    }
    return 0;
}

/* Nothing can come any more. */
static bool has_ended(const struct follow *f)
{
    bool gone = true;

    for (size_t i = 0; i < f->place_count; i++)
        gone = gone && f->places[i].gone;
    return f->file_count == 0 && (f->finishes || gone);
}

int follow_next(struct follow *f, struct reading *reading, struct rows *ret)
{
    for (;;) {
        int r = follow_events_look(&f->events);

        if (f->events.interrupted && !f->finishes)
            finish(f);
        if (r == 0)
            r = take(f, reading, ret);
        if (r != 0 || has_ended(f))
            return r;
        r = sink_flush(reading->sink);
        if (r == 0 && f->events.listing)
            r = scan(f);
        else if (r == 0)
            r = follow_events_wait(&f->events, f->places, f->place_count);
        if (r < 0)
            return r;
    }
}
