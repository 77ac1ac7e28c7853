/* SPDX-License-Identifier: BSD-2-Clause */
/* A recording: takes events from the kernel and writes them into the capture. */
#ifndef RECORD_RECORDER_H
#define RECORD_RECORDER_H

#include "format/writer.h"
#include "record/clock.h"
#include "record/destination.h"
#include "record/kernel.h"
#include "record/names.h"
#include "record/record_options.h"

struct recorder {
    const struct record_options *options;
    struct kernel *kernel;
    struct destination file;
    struct tlz_writer *writer;
    struct names *names;
    struct clock_source clock_source;
    struct tlz_clock clock;         /* of the block being filled */
    uint32_t source;                /* the writer's number of this recording */
    uint64_t taken;                 /* sessions that came from the kernel */
    uint64_t losses[KERNEL_LOSSES]; /* already in the capture */
    bool more; /* the ring was not emptied: recorder_take() again before waiting */
    int error; /* of the writer; negative, it stays */
};

/*
 * Begins the capture: metadata is written, nothing is recorded yet. `options`, `argv` and `kernel`
 * must outlive it, and the kernel stays the caller's. 0, or a negative errno after a message, and
 * then *ret needs no recorder_close().
 */
int recorder_open(struct recorder *ret, const struct record_options *options, char *const *argv,
                  struct kernel *kernel);

/* Takes what is in the ring. 1 when as many sessions as wanted (--count) are taken, else 0, or a
 * negative error of the writer. */
int recorder_take(struct recorder *r);

/*
 * Takes what is in the ring, writes it, and the names and losses since the last time; then the
 * block's clock is a new one. Returns as recorder_take().
 */
int recorder_flush(struct recorder *r);

/*
 * After kernel_detach(): takes the rest, writes it and the end of the capture with that reason. 0,
 * or a negative error of the writer.
 */
int recorder_finish(struct recorder *r, const char *reason);

/* Says why sessions were lost in the kernel and what helps, for each cause; nothing when none was.
 */
void recorder_explain_losses(const struct recorder *r);

/* Says what an error of the writer cost, unless it only is that a pipe was closed. */
void recorder_explain_error(struct recorder *r);

/* Frees it. */
void recorder_close(struct recorder *r);

#endif
