/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows of several sources on their way into one capture. A block holds one source and one clock
 * pair, so those of each source wait here until there is a block's worth of them.
 */
#ifndef REPORT_SINK_ROW_QUEUE_H
#define REPORT_SINK_ROW_QUEUE_H

#include "format/writer.h"

struct queued_row;

struct row_queue {
    struct queued_row *rows; /* in the order in which they came */
    uint32_t count;
};

/* 0 or -ENOMEM. */
int row_queue_open(struct row_queue *queue);
void row_queue_close(struct row_queue *queue);

/* Adds a row; a full queue is drained first. 0 or the writer's error. */
int row_queue_add(struct row_queue *queue, struct tlz_writer *writer, enum tlz_kind kind,
                  uint32_t source, const struct tlz_clock *clock, const struct tlz_row *row);

/* Gives all of it to the writer, source after source. 0 or the writer's error. */
int row_queue_drain(struct row_queue *queue, struct tlz_writer *writer);

#endif
