/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A row a session that was recorded at both of its ends; or a row two hosts that share sessions,
 * and one for each host's sessions whose other end is in no capture.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "report/pair/pair_columns.h"
#include "report/text/zone.h"
#include "report/view/view.h"
#include "util/message.h"
#include "util/missing.h"

/* So many sessions are kept: 120 bytes each. */
#define SESSIONS_MAX 10000000

/* Hosts of which something is said on standard error. */
#define SAID_MAX 8

struct query {
    bool is_of_hosts;
};

struct pairs {
    const struct view_plan *plan;
    struct pair_sessions sessions;
    struct pair_hosts hosts;
    struct pair_join join;
    struct pair_ends *ends;
    size_t count; /* of pairs */
    struct cell *cells;
};

static int pairs_ask(struct view_plan *plan, const char *argument)
{
    struct query *q;

    if (argument && strcmp(argument, "hosts") != 0)
        return message_usage("--pairs wants nothing, or =hosts, not '%s'", argument);
    q = plan->query = calloc(1, sizeof *q);
    if (!q)
        return -ENOMEM;
    q->is_of_hosts = argument != NULL;
    return q->is_of_hosts
               ? column_set_add_all(&plan->set, pair_host_columns, pair_host_column_count)
               : column_set_add_all(&plan->set, pair_columns, pair_column_count);
}

static void add_fields(const struct view_plan *plan, struct tlz_fieldset fields[TLZ_KINDS])
{
    (void)plan;
    pair_sessions_fields(&fields[TLZ_SESSIONS]);
}

static void pairs_free(void *state)
{
    struct pairs *p = state;

    if (!p)
        return;
    pair_join_close(&p->join);
    pair_hosts_close(&p->hosts);
    pair_sessions_close(&p->sessions);
    free(p->ends);
    free(p->cells);
    free(p);
}

static int pairs_open(void **ret_state, const struct view_plan *plan)
{
    struct pairs *p = calloc(1, sizeof *p);
    int r;

    if (!p)
        return -ENOMEM;
    p->plan = plan;
    p->cells = calloc(plan->cells, sizeof *p->cells);
    r = p->cells ? pair_sessions_open(&p->sessions) : -ENOMEM;
    if (r < 0) {
        pairs_free(p);
        return r;
    }
    *ret_state = p;
    return 0;
}

static int pairs_rows(void *state, const struct rows *rows)
{
    struct pairs *p = state;
    int r = pair_sessions_add(&p->sessions, rows, SESSIONS_MAX);

    if (r != -E2BIG)
        return r;
    message_error("--pairs looks at %d sessions at most, and there are more; let fewer through, by "
                  "--since and --until or --filter",
                  SESSIONS_MAX);
    return -ECANCELED;
}

static int compare_pairs(const void *a, const void *b, void *data)
{
    const struct pair_ends *x = a, *y = b;
    const struct pairs *p = data;
    uint64_t s = p->sessions.session[x->client].close_us;
    uint64_t t = p->sessions.session[y->client].close_us;

    return s != t ? (s > t) - (s < t) : (x->client > y->client) - (x->client < y->client);
}

/* The pairs in order of the client's ends; how many sessions of each host have one. 0 or -ENOMEM.
 */
static int gather(struct pairs *p)
{
    size_t count = p->sessions.count;

    p->ends = calloc(count / 2 + 1, sizeof *p->ends);
    if (!p->ends)
        return -ENOMEM;
    for (uint32_t i = 0; i < count; i++) {
        struct pair_host *host = &p->hosts.host[p->hosts.of[p->sessions.session[i].source]];
        uint32_t mate = p->join.mate[i];

        host->sessions++;
        host->paired += mate != PAIR_NONE;
        if (mate != PAIR_NONE && i < mate)
            p->ends[p->count++] = pair_join_ends(&p->join, i, mate);
    }
    qsort_r(p->ends, p->count, sizeof *p->ends, compare_pairs, p);
    return 0;
}

static int write_pairs(struct pairs *p)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < p->count; i++) {
        for (size_t k = 0; k < p->plan->cells; k++)
            p->cells[k] = pair_cell(&p->join, p->ends[i], p->plan->choice[k]);
        r = sink_row(p->plan->sink, &(struct row){.cells = p->cells});
    }
    return r;
}

static int compare_between(const void *a, const void *b)
{
    const struct pair_between *const *x = a, *const *y = b;

    if ((*x)->host != (*y)->host)
        return (*x)->host < (*y)->host ? -1 : 1;
    return ((*x)->other > (*y)->other) - ((*x)->other < (*y)->other);
}

/* Those who share sessions, in order of the hosts, for the caller to free; or NULL. */
static const struct pair_between **order_between(const struct pair_offsets *offsets,
                                                 size_t *ret_count)
{
    const struct pair_between **between = calloc(offsets->count + 1, sizeof *between);

    *ret_count = 0;
    for (size_t i = 0; between && i < offsets->count; i++)
        if (offsets->between[i].sessions > 0)
            between[(*ret_count)++] = &offsets->between[i];
    if (between)
        qsort(between, *ret_count, sizeof *between, compare_between);
    return between;
}

static int write_between(struct pairs *p, const struct pair_between *const *between, size_t count)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < count; i++) {
        for (size_t k = 0; k < p->plan->cells; k++)
            p->cells[k] = pair_between_cell(&p->join, between[i], p->plan->choice[k]);
        r = sink_row(p->plan->sink, &(struct row){.cells = p->cells});
    }
    return r;
}

static int write_alone(struct pairs *p)
{
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < p->hosts.count; i++) {
        if (p->hosts.host[i].paired == p->hosts.host[i].sessions)
            continue;
        for (size_t k = 0; k < p->plan->cells; k++)
            p->cells[k] = pair_alone_cell(&p->hosts.host[i], p->plan->choice[k]);
        r = sink_row(p->plan->sink, &(struct row){.cells = p->cells});
    }
    return r;
}

static int write_hosts(struct pairs *p)
{
    size_t count;
    const struct pair_between **between = order_between(&p->join.offsets, &count);
    int r = between ? write_between(p, between, count) : -ENOMEM;

    free(between);
    return r == 0 ? write_alone(p) : r;
}

static int printed(size_t size)
{
    return size > 64 ? 64 : (int)size;
}

/* Whose other end nobody recorded. */
static void say_alone(const struct pairs *p)
{
    uint32_t said = 0;

    for (uint32_t i = 0; i < p->hosts.count; i++) {
        const struct pair_host *host = &p->hosts.host[i];

        if (host->paired == host->sessions)
            continue;
        if (said++ == SAID_MAX) {
            message_notice("... and of more hosts: --pairs=hosts has all of them");
            return;
        }
        message_notice("%.*s: of %" PRIu64 " sessions, %" PRIu64 " without the other end in "
                       "these captures",
                       printed(host->name_size), host->name, host->sessions,
                       host->sessions - host->paired);
    }
}

static int pairs_finish(void *state)
{
    struct pairs *p = state;
    const struct query *q = p->plan->query;
    int r = pair_hosts_find(&p->hosts, p->plan->report.captures);

    if (r == 0)
        r = zone_choose(p->plan->report.zone, p->plan->report.captures);
    if (r == 0)
        r = pair_join(&p->join, &p->sessions, &p->hosts);
    if (r == 0)
        r = gather(p);
    if (r < 0)
        return r;
    if (q->is_of_hosts)
        return write_hosts(p);
    r = write_pairs(p);
    if (r == 0)
        say_alone(p);
    return r;
}

const struct view_type view_pairs = {
    .name = "pairs",
    .option = "--pairs",
    .kinds = KIND_BIT(TLZ_SESSIONS),
    .is_unordered = true,
    .ask = pairs_ask,
    .forget = free,
    .add_fields = add_fields,
    .open = pairs_open,
    .rows = pairs_rows,
    .finish = pairs_finish,
    .free = pairs_free,
};
