/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/page/page_sessions.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/capture/recording.h"
#include "util/missing.h"

static void let_go(struct page_session *session)
{
    if (--session->holders == 0)
        free(session);
}

static void free_lists(struct page_flow_lists *lists)
{
    if (!lists)
        return;
    for (size_t rank = 0; rank < PAGE_RANKS; rank++)
        for (size_t i = 0; i < lists->count[rank]; i++)
            let_go(lists->ranked[rank][i].session);
    free(lists);
}

void page_sessions_close(struct page_sessions *s)
{
    for (size_t i = 0; i < s->flows; i++)
        free_lists(s->flow[i]);
    free(s->flow);
    for (size_t rank = 0; rank < PAGE_RANKS; rank++)
        for (size_t i = 0; i < s->all_count[rank]; i++)
            let_go(s->all[rank][i].session);
    *s = (struct page_sessions){0};
}

void page_sessions_fold(struct page_sessions *s, const bool *keeps, size_t flows)
{
    for (size_t i = 0; i < s->flows; i++) {
        if (i < flows && keeps[i])
            continue;
        free_lists(s->flow[i]);
        s->flow[i] = NULL;
    }
}

static uint64_t value_at(const struct tlz_batch *batch, enum tlz_field field, uint32_t row)
{
    return tlz_batch_has(batch, field, row) ? batch->column[field].u[row] : 0;
}

/* 0 = it is not ranked. */
static uint64_t rank_of(const struct tlz_batch *batch, uint32_t row, enum page_rank rank)
{
    if (rank == PAGE_SLOWEST)
        return value_at(batch, TLZ_MS, row);
    return add_saturated(value_at(batch, TLZ_TX_BYTES, row), value_at(batch, TLZ_RX_BYTES, row));
}

static struct page_session *make_session(const struct page_sessions *s,
                                         const struct tlz_batch *batch, uint32_t row, uint32_t flow)
{
    struct page_session *session = calloc(1, sizeof *session + s->fields * sizeof *session->value);

    if (!session)
        return NULL;
    session->flow = flow;
    for (size_t i = 0; i < s->fields; i++) {
        const struct tlz_column *c = &batch->column[s->field[i]];

        if (!tlz_batch_has(batch, s->field[i], row))
            continue;
        session->present |= UINT32_C(1) << i;
        if (c->bytes)
            session->value[i].bytes = c->bytes[row];
        else
            session->value[i].u = c->u[row];
    }
    return session;
}

static bool belongs(const struct page_ranked *list, size_t count, size_t room, uint64_t rank)
{
    return rank > 0 && (count < room || rank > list[room - 1].rank);
}

/* Returns how many there are then. */
static size_t insert(struct page_ranked *list, size_t count, size_t room,
                     struct page_session *session, uint64_t rank)
{
    size_t at = 0, to = count;

    while (at < to) {
        size_t middle = at + (to - at) / 2;

        if (list[middle].rank >= rank)
            at = middle + 1;
        else
            to = middle;
    }
    if (count == room)
        let_go(list[--count].session);
    memmove(&list[at + 1], &list[at], (count - at) * sizeof *list);
    list[at] = (struct page_ranked){session, rank};
    session->holders++;
    return count + 1;
}

/* The lists of that flow, which are made. NULL when memory is out. */
static struct page_flow_lists *lists_of(struct page_sessions *s, uint32_t flow)
{
    size_t flows = s->flows ? s->flows : 1024;
    struct page_flow_lists **grown;

    while (flow >= flows)
        flows *= 2;
    if (flows > s->flows) {
        grown = reallocarray(s->flow, flows, sizeof *grown);
        if (!grown)
            return NULL;
        memset(grown + s->flows, 0, (flows - s->flows) * sizeof *grown);
        s->flow = grown;
        s->flows = flows;
    }
    if (!s->flow[flow])
        s->flow[flow] = calloc(1, sizeof *s->flow[flow]);
    return s->flow[flow];
}

int page_sessions_see(struct page_sessions *s, const struct tlz_batch *batch, uint32_t row,
                      uint32_t flow)
{
    struct page_flow_lists *lists = lists_of(s, flow);
    struct page_session *session = NULL;

    if (!lists)
        return -ENOMEM;
    for (enum page_rank rank = 0; rank < PAGE_RANKS; rank++) {
        uint64_t value = rank_of(batch, row, rank);
        bool of_all = belongs(s->all[rank], s->all_count[rank], PAGE_SESSIONS_OF_ALL, value);
        bool of_flow =
            belongs(lists->ranked[rank], lists->count[rank], PAGE_SESSIONS_OF_FLOW, value);

        if ((of_all || of_flow) && !session)
            session = make_session(s, batch, row, flow);
        if ((of_all || of_flow) && !session)
            return -ENOMEM;
        if (of_all)
            s->all_count[rank] =
                insert(s->all[rank], s->all_count[rank], PAGE_SESSIONS_OF_ALL, session, value);
        if (of_flow)
            lists->count[rank] = (uint8_t)insert(lists->ranked[rank], lists->count[rank],
                                                 PAGE_SESSIONS_OF_FLOW, session, value);
    }
    return 0;
}
