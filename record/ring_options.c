/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/ring_options.h"

#include <string.h>

#include "util/message.h"
#include "util/parse.h"

#define ROTATE_BYTES_MIN UINT64_C(4096)
#define ROTATE_US_MIN    UINT64_C(100000)
#define ROTATE_US_MAX    (UINT64_C(100) * 365 * 86400 * 1000000)

/* Of --keep-size, for one file where --rotate-size does not say it. */
#define SHARE 8

static int take_size(const char *name, const char *text, uint64_t min, const char *min_text,
                     uint64_t *ret)
{
    uint64_t bytes;

    if (parse_size(text, &bytes) < 0 || bytes < min)
        return message_usage("%s wants a size of at least %s, such as 16M or 1G, not '%s'", name,
                             min_text, text);
    *ret = bytes;
    return -1;
}

int ring_take_rotate_size(const char *text, struct ring_options *o)
{
    return take_size("--rotate-size", text, ROTATE_BYTES_MIN, "4K", &o->rotate_bytes);
}

int ring_take_keep_size(const char *text, struct ring_options *o)
{
    return take_size("--keep-size", text, SHARE * ROTATE_BYTES_MIN, "32K", &o->keep_bytes);
}

int ring_take_min_free(const char *text, struct ring_options *o)
{
    return take_size("--min-free", text, 1, "1", &o->min_free);
}

int ring_take_rotate_time(const char *text, struct ring_options *o)
{
    uint64_t us;

    if (parse_duration(text, &us) < 0 || us < ROTATE_US_MIN || us > ROTATE_US_MAX)
        return message_usage(
            "--rotate-time wants a time of at least 100ms, such as 10m, 1h or 1d, not '%s'", text);
    o->rotate_us = us;
    return -1;
}

int ring_take_keep(const char *text, struct ring_options *o)
{
    uint64_t files;

    if (parse_number(text, UINT64_MAX, &files) < 0 || files == 0)
        return message_usage("--keep wants a number of files, at least 1, not '%s'", text);
    o->keep_files = files;
    return -1;
}

int ring_take_on_rotate(const char *text, struct ring_options *o)
{
    if (!text[0])
        return message_usage("--on-rotate wants a program");
    o->on_rotate = text;
    return -1;
}

/* The option that wants a ring; NULL = none does. */
static const char *find_dependent(const struct ring_options *o)
{
    if (o->keep_files)
        return "--keep";
    if (o->keep_bytes)
        return "--keep-size";
    if (o->min_free)
        return "--min-free";
    return o->on_rotate ? "--on-rotate" : NULL;
}

int ring_options_finish(struct ring_options *o, const char *output, bool force, bool has_snapshots)
{
    const char *dependent = has_snapshots ? NULL : find_dependent(o);

    if (o->is_aligned && !o->rotate_us)
        return message_usage("--align needs --rotate-time, to multiples of which it aligns");
    if (dependent && !ring_is_wanted(o))
        return message_usage("%s needs --rotate-size, --rotate-time or --snapshot", dependent);
    if (!ring_is_wanted(o))
        return -1;
    if (!strcmp(output, "-"))
        return message_usage("-o - cannot be rotated: give -o a directory, for many files");
    if (force)
        return message_usage("--force replaces nothing where files are rotated");
    if (o->keep_bytes && !o->rotate_bytes)
        o->rotate_bytes = o->keep_bytes / SHARE;
    if (o->keep_bytes && o->rotate_bytes > o->keep_bytes / 2)
        return message_usage("--keep-size has to be at least twice --rotate-size");
    return -1;
}
