/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/jobs/ahead.h"

#include <errno.h>
#include <stdlib.h>

/* A block that is being decoded. */
struct place {
    struct crew_task task;
    struct place *next; /* of the free ones */
    struct tlz_decoder *decoder;
    const struct ahead_pool *pool;
    struct row_work work;
    struct tlz_item item; /* what it became: */
    int result;           /* 1, or an error */
};

/* 1 and the rows that are wanted, or damage; or an error. */
static int decode(struct place *p)
{
    const struct row_work_plan *plan = p->pool->plan;
    const bool probes = plan && (plan->probes || (plan->probes_bound && p->work.bound.is_set));
    int r = 1;

    p->work.count = 0;
    if (probes) {
        r = tlz_decoder_run(p->decoder, plan->probe, &p->item);
        if (r < 0 || p->item.kind != TLZ_ITEM_ROWS)
            return r;
        row_work_select(&p->work, p->item.batch);
        if (p->work.count == 0)
            return r;
    }
    r = tlz_decoder_run(p->decoder, p->pool->selection->fields, &p->item);
    if (r > 0 && p->item.kind == TLZ_ITEM_ROWS && plan && !probes)
        row_work_select(&p->work, p->item.batch);
    return r;
}

static void run(struct crew_task *task)
{
    struct place *p = (struct place *)task;
    int r = decode(p);

    if (r > 0 && p->item.kind == TLZ_ITEM_ROWS && p->pool->plan) {
        int error = row_work_write(&p->work, p->item.batch);

        r = error < 0 ? error : r;
    }
    p->result = r;
}

static struct place *place_free(struct place *p)
{
    if (p) {
        tlz_decoder_free(p->decoder);
        row_work_close(&p->work);
        free(p);
    }
    return NULL;
}

static int place_open(struct place **ret, const struct ahead_pool *pool)
{
    struct place *p = calloc(1, sizeof *p);
    int r;

    if (!p)
        return -ENOMEM;
    p->task.run = run;
    p->pool = pool;
    r = tlz_decoder_open(&p->decoder);
    if (r == 0 && pool->plan)
        r = row_work_open(&p->work, pool->plan);
    if (r < 0)
        place_free(p);
    else
        *ret = p;
    return r;
}

void ahead_pool_open(struct ahead_pool *pool, struct crew *crew, const struct selection *selection,
                     const struct row_work_plan *plan, unsigned int places)
{
    *pool = (struct ahead_pool){.crew = crew, .selection = selection, .plan = plan, .more = places};
}

void ahead_pool_close(struct ahead_pool *pool)
{
    while (pool->free) {
        struct place *p = pool->free;

        pool->free = p->next;
        place_free(p);
    }
}

int ahead_open(struct ahead *a, struct ahead_pool *pool, struct source *source)
{
    *a = (struct ahead){.source = source};
    if (!pool)
        return 0;
    a->pool = pool;
    source_defer(source);
    return place_open(&a->own, pool);
}

static void give_back(struct ahead *a, struct place *p)
{
    if (!p || p == a->own)
        return;
    p->next = a->pool->free;
    a->pool->free = p;
}

void ahead_close(struct ahead *a)
{
    for (; a->count > 0; a->count--, a->first = (a->first + 1) % AHEAD_ENTRIES)
        give_back(a, a->entry[a->first].place);
    give_back(a, a->shown);
    place_free(a->own);
    *a = (struct ahead){0};
}

static bool is_own_in_use(const struct ahead *a)
{
    if (a->shown == a->own)
        return true;
    for (unsigned int i = 0; i < a->count; i++)
        if (a->entry[(a->first + i) % AHEAD_ENTRIES].place == a->own)
            return true;
    return false;
}

/* A place for the next block: 1 and *ret, 0 when there is none now, or -ENOMEM. */
static int find_place(struct ahead *a, struct place **ret)
{
    if (!is_own_in_use(a)) {
        *ret = a->own;
        return 1;
    }
    if (a->pool->free) {
        *ret = a->pool->free;
        a->pool->free = (*ret)->next;
        return 1;
    }
    if (a->pool->more == 0)
        return 0;
    if (place_open(ret, a->pool) < 0) {
        a->pool->more = 0;
        return 0;
    }
    a->pool->more--;
    return 1;
}

static void push(struct ahead *a, const struct ahead_entry *entry)
{
    a->entry[(a->first + a->count++) % AHEAD_ENTRIES] = *entry;
}

/* What the item points to changes with the source's next call. */
static bool is_lent(const struct tlz_item *item)
{
    return item->kind == TLZ_ITEM_FILE || item->kind == TLZ_ITEM_SOURCE ||
           item->kind == TLZ_ITEM_END || item->kind == TLZ_ITEM_NAME;
}

/* Reads one thing more, for which there is that place if it is rows. */
static void read_one(struct ahead *a, struct place *place)
{
    struct ahead_entry entry = {0};

    entry.result = source_next(a->source, &entry.item);
    if (entry.result > 0 && entry.item.kind == TLZ_ITEM_ROWS) {
        int r = tlz_decoder_take(place->decoder, &entry.item);

        if (r >= 0 && a->pool->plan)
            row_work_bound(&place->work, entry.item.batch);
        entry.place = r < 0 ? NULL : place;
        entry.result = r < 0 ? r : 1;
    }
    a->ended = entry.result <= 0 && entry.result != -EAGAIN;
    a->waits = entry.result > 0 && is_lent(&entry.item);
    push(a, &entry);
    if (!entry.place)
        give_back(a, place);
    else if (a->pool->crew)
        crew_give(a->pool->crew, &place->task);
    else
        run(&place->task);
}

/* Without a crew it is not read ahead of what is asked for: somebody may be waiting for it. */
static bool may_read(const struct ahead *a)
{
    unsigned int most = a->pool->crew ? AHEAD_ENTRIES : 1;

    return !a->ended && !a->waits && a->count < most;
}

/* Reads on as far as there are places. */
static void read_ahead(struct ahead *a)
{
    struct place *place;

    while (may_read(a) && find_place(a, &place) > 0)
        read_one(a, place);
}

/* Nothing more is read: what was begun is not left to itself. */
static void wait_for_all(struct ahead *a)
{
    for (unsigned int i = 0; i < a->count; i++) {
        struct place *p = a->entry[(a->first + i) % AHEAD_ENTRIES].place;

        if (p && a->pool->crew)
            crew_wait(a->pool->crew, &p->task);
    }
}

/* The result of the entry that was first. */
static int settle(struct ahead *a, const struct ahead_entry *entry, struct tlz_item *ret,
                  const struct row_work **ret_work)
{
    struct place *p = entry->place;

    *ret = entry->item;
    if (!p)
        return entry->result;
    if (a->pool->crew)
        crew_wait(a->pool->crew, &p->task);
    a->shown = p;
    if (p->result < 0) {
        wait_for_all(a);
        return p->result;
    }
    *ret = p->item;
    *ret_work = p->item.kind == TLZ_ITEM_ROWS && a->pool->plan ? &p->work : NULL;
    return p->result;
}

int ahead_next(struct ahead *a, struct tlz_item *ret, const struct row_work **ret_work)
{
    struct ahead_entry entry;

    *ret_work = NULL;
    if (!a->pool)
        return source_next(a->source, ret);
    if (a->shown && source_unknown(a->source, a->shown->decoder, ret))
        return 1;
    give_back(a, a->shown);
    a->shown = NULL;
    if (a->count == 0)
        a->waits = false;
    read_ahead(a);
    entry = a->entry[a->first];
    a->first = (a->first + 1) % AHEAD_ENTRIES;
    a->count--;
    return settle(a, &entry, ret, ret_work);
}
