/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FIRST_AFTER_MS 1000
#define AGAIN_AFTER_MS 200
#define ERASE_TO_RIGHT "\033[K" /* ECMA-48 EL */

static uint64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* The report goes to the terminal on which this would stand. */
static bool is_in_the_way(const char *written)
{
    struct stat output, error;

    if (written && strcmp(written, "-") != 0)
        return false;
    return isatty(STDOUT_FILENO) && fstat(STDOUT_FILENO, &output) == 0 &&
           fstat(STDERR_FILENO, &error) == 0 && output.st_rdev == error.st_rdev;
}

void progress_begin(struct progress *ret, const struct inputs *inputs,
                    const struct captures *captures, const char *written)
{
    *ret = (struct progress){.captures = captures, .begin_ms = now_ms()};
    ret->next_ms = ret->begin_ms + FIRST_AFTER_MS;
    if (isatty(STDERR_FILENO) && !is_in_the_way(written))
        ret->inputs = inputs;
}

/* One write(2), so that a line of another program does not come into its middle. */
static void put(const char *text, size_t size)
{
    (void)!write(STDERR_FILENO, text, size);
}

/* Bytes read of how many; *ret_all = 0 where that is not known. */
static uint64_t bytes_read(const struct inputs *inputs, uint64_t *ret_all)
{
    uint64_t bytes = 0;
    bool is_known = true;

    *ret_all = 0;
    for (size_t i = 0; i < inputs->count; i++) {
        const struct input *input = &inputs->input[i];

        bytes += input->bytes;
        is_known = is_known && (input->fd < 0 || input_is_file(input));
        *ret_all += input->fd < 0 ? 0 : (uint64_t)input->status.st_size;
    }
    *ret_all = is_known ? *ret_all : 0;
    return bytes;
}

static uint64_t rows_read(const struct captures *captures)
{
    return captures_rows(captures, TLZ_SESSIONS) + captures_rows(captures, TLZ_STATES);
}

/* "\r43 % read, 1234567 rows/s, 12 s left", or without a share "\r12 MB read, ..." */
static void show(struct progress *p, uint64_t elapsed_ms)
{
    uint64_t all, bytes = bytes_read(p->inputs, &all);
    double part = all > 0 ? (double)(bytes < all ? bytes : all) / (double)all : 0;
    char text[160];
    int size;

    if (all > 0)
        size = snprintf(text, sizeof text, "\r%.0f %% read", 100 * part);
    else
        size = snprintf(text, sizeof text, "\r%" PRIu64 " MB read", bytes >> 20);
    size += snprintf(text + size, sizeof text - (size_t)size, ", %" PRIu64 " rows/s",
                     rows_read(p->captures) * 1000 / elapsed_ms);
    if (part > 0)
        size += snprintf(text + size, sizeof text - (size_t)size, ", %.0f s left",
                         (double)elapsed_ms / 1000 * (1 - part) / part);
    size += snprintf(text + size, sizeof text - (size_t)size, ERASE_TO_RIGHT);
    put(text, (size_t)size);
    p->is_shown = true;
}

void progress_tick(struct progress *p)
{
    uint64_t now;

    if (!p->inputs)
        return;
    now = now_ms();
    if (now < p->next_ms)
        return;
    p->next_ms = now + AGAIN_AFTER_MS;
    show(p, now - p->begin_ms);
}

void progress_clear(struct progress *p)
{
    static const char erase[] = "\r" ERASE_TO_RIGHT;

    if (p->is_shown)
        put(erase, sizeof erase - 1);
    p->is_shown = false;
}
