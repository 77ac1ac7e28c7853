/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/view/summary_hosts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/capture/recording.h"

static struct summary_host host_of(const struct capture *capture, const struct recording *r,
                                   enum tlz_meta_tag tag)
{
    size_t size = 0;
    const char *text = recording_text(capture, r, tag, &size);
    bool any = r->rows[TLZ_SESSIONS] > 0;

    return (struct summary_host){
        .name = text ? cell_text(text, size) : (struct cell){.present = false},
        .recordings = 1,
        .sessions = r->rows[TLZ_SESSIONS],
        .lost = r->lost[TLZ_SESSIONS],
        .first_us = any ? r->first_us : UINT64_MAX,
        .last_us = any ? r->last_us : 0,
    };
}

static int compare_names(const void *x, const void *y)
{
    const struct cell *a = &((const struct summary_host *)x)->name;
    const struct cell *b = &((const struct summary_host *)y)->name;
    size_t a_size = a->present ? a->value.text.size : 0;
    size_t b_size = b->present ? b->value.text.size : 0;
    size_t common = a_size < b_size ? a_size : b_size;
    int r = common > 0 ? memcmp(a->value.text.bytes, b->value.text.bytes, common) : 0;

    if (r == 0)
        r = (a_size > b_size) - (a_size < b_size);
    return r ? r : a->present - b->present;
}

static int compare_sessions(const void *x, const void *y)
{
    const struct summary_host *a = x, *b = y;

    if (a->sessions != b->sessions)
        return a->sessions > b->sessions ? -1 : 1;
    return compare_names(a, b);
}

static void add(struct summary_host *to, const struct summary_host *more)
{
    to->recordings += more->recordings;
    to->sessions = add_saturated(to->sessions, more->sessions);
    to->lost = add_saturated(to->lost, more->lost);
    if (more->first_us < to->first_us)
        to->first_us = more->first_us;
    if (more->last_us > to->last_us)
        to->last_us = more->last_us;
}

/* Makes one of those with one name, which stand together. How many are left. */
static size_t join(struct summary_host *host, size_t count)
{
    size_t joined = 0;

    for (size_t i = 0; i < count; i++) {
        if (joined > 0 && compare_names(&host[joined - 1], &host[i]) == 0)
            add(&host[joined - 1], &host[i]);
        else
            host[joined++] = host[i];
    }
    return joined;
}

int summary_hosts(const struct captures *captures, enum tlz_meta_tag tag, struct summary_host **ret,
                  size_t *ret_count)
{
    struct summary_host *host = calloc(captures->recordings + 1u, sizeof *host);
    size_t count = 0;

    if (!host)
        return -ENOMEM;
    for (size_t i = 0; i < captures->count; i++)
        for (size_t j = 0; j < captures->capture[i].recording_count; j++)
            host[count++] = host_of(&captures->capture[i], captures->capture[i].recordings[j], tag);
    qsort(host, count, sizeof *host, compare_names);
    *ret_count = join(host, count);
    qsort(host, *ret_count, sizeof *host, compare_sessions);
    *ret = host;
    return 0;
}
