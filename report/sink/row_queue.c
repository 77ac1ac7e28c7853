/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/sink/row_queue.h"

#include <errno.h>
#include <stdlib.h>

#define QUEUE_ROWS TLZ_ROWS_MAX

struct queued_row {
    uint32_t source;
    uint32_t arrival;
    enum tlz_kind kind;
    struct tlz_clock clock;
    struct tlz_row row;
};

int row_queue_open(struct row_queue *queue)
{
    queue->count = 0;
    queue->rows = malloc(QUEUE_ROWS * sizeof *queue->rows);
    return queue->rows ? 0 : -ENOMEM;
}

void row_queue_close(struct row_queue *queue)
{
    free(queue->rows);
    *queue = (struct row_queue){0};
}

int row_queue_add(struct row_queue *queue, struct tlz_writer *writer, enum tlz_kind kind,
                  uint32_t source, const struct tlz_clock *clock, const struct tlz_row *row)
{
    if (queue->count == QUEUE_ROWS) {
        int r = row_queue_drain(queue, writer);

        if (r < 0)
            return r;
    }
    queue->rows[queue->count] = (struct queued_row){
        .source = source, .arrival = queue->count, .kind = kind, .clock = *clock, .row = *row};
    queue->count++;
    return 0;
}

static int compare_sources(const void *a, const void *b)
{
    const struct queued_row *x = *(const struct queued_row *const *)a;
    const struct queued_row *y = *(const struct queued_row *const *)b;

    if (x->source != y->source)
        return x->source < y->source ? -1 : 1;
    /* Blocks that overlap in time come mixed; a block has one clock pair. */
    if (x->clock.boot_us != y->clock.boot_us)
        return x->clock.boot_us < y->clock.boot_us ? -1 : 1;
    return x->arrival < y->arrival ? -1 : 1;
}

int row_queue_drain(struct row_queue *queue, struct tlz_writer *writer)
{
    const struct queued_row **order = calloc(queue->count + 1u, sizeof *order);
    int r = 0;

    if (!order)
        return -ENOMEM;
    for (uint32_t i = 0; i < queue->count; i++)
        order[i] = &queue->rows[i];
    qsort(order, queue->count, sizeof *order, compare_sources);
    for (uint32_t i = 0; r == 0 && i < queue->count; i++)
        r = tlz_writer_add_row(writer, order[i]->kind, order[i]->source, &order[i]->clock,
                               &order[i]->row);
    free(order);
    queue->count = 0;
    return r;
}
