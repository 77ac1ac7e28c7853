/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/flow/flow_top.h"

#include <errno.h>
#include <stdlib.h>

#include "report/text/cell.h"

/* The greatest numbers so far: a heap whose first is the least of them. */
struct greatest {
    uint64_t *rank;
    size_t count, most;
};

static void sift_down(struct greatest *g)
{
    size_t i = 0, child;

    for (; (child = 2 * i + 1) < g->count; i = child) {
        uint64_t rank = g->rank[i];

        if (child + 1 < g->count && g->rank[child + 1] < g->rank[child])
            child++;
        if (rank <= g->rank[child])
            return;
        g->rank[i] = g->rank[child];
        g->rank[child] = rank;
    }
}

static void sift_up(struct greatest *g)
{
    for (size_t i = g->count - 1; i > 0; i = (i - 1) / 2) {
        uint64_t rank = g->rank[i], *parent = &g->rank[(i - 1) / 2];

        if (rank >= *parent)
            return;
        g->rank[i] = *parent;
        *parent = rank;
    }
}

static void keep(struct greatest *g, uint64_t rank)
{
    if (g->count < g->most) {
        g->rank[g->count++] = rank;
        sift_up(g);
    } else if (rank > g->rank[0]) {
        g->rank[0] = rank;
        sift_down(g);
    }
}

/* Greater = comes earlier; flows without a number last, where those may be with the last number,
 * too. */
static uint64_t rank_of(struct flow_groups *g, size_t flow, const struct view_kept *kept)
{
    struct cell cell = flow_groups_cell(g, flow, kept->cell);

    if (!cell.present)
        return 0;
    return kept->ascending ? UINT64_MAX - cell.value.u : cell.value.u;
}

static size_t list_from(const uint64_t *ranks, size_t count, uint64_t least, uint32_t *ret)
{
    size_t n = 0;

    for (size_t i = 0; i < count; i++) {
        ret[n] = (uint32_t)i;
        n += ranks[i] >= least;
    }
    return n;
}

int flow_top(struct flow_groups *g, const struct view_kept *kept, uint32_t **ret, size_t *ret_count)
{
    const size_t count = g->table.count;
    const bool was_saturated = g->is_saturated;
    struct greatest greatest = {.most = kept->top};
    uint64_t *ranks;
    uint32_t *list;

    *ret = NULL;
    if (kept->top == 0 || kept->top >= count ||
        !cell_is_number(&g->cell[kept->cell].column->column))
        return 0;
    ranks = calloc(count, sizeof *ranks);
    list = calloc(count + 1, sizeof *list);
    greatest.rank = calloc(kept->top, sizeof *greatest.rank);
    if (!ranks || !list || !greatest.rank) {
        free(ranks);
        free(list);
        free(greatest.rank);
        return -ENOMEM;
    }
    for (size_t i = 0; i < count; i++)
        keep(&greatest, ranks[i] = rank_of(g, i, kept));
    g->is_saturated = was_saturated; /* it is said of what is shown */
    *ret_count = list_from(ranks, count, greatest.rank[0], list);
    *ret = list;
    free(ranks);
    free(greatest.rank);
    return 0;
}
