/* SPDX-License-Identifier: BSD-2-Clause */
/* A recording: takes events from the kernel and writes them into the capture. */
#ifndef RECORD_RECORDER_H
#define RECORD_RECORDER_H

#include <errno.h>

#include "format/writer.h"
#include "record/clock.h"
#include "record/destination.h"
#include "record/file_ring.h"
#include "record/history.h"
#include "record/kernel.h"
#include "record/name_service.h"
#include "record/names.h"
#include "record/record_options.h"
#include "record/recorder_loss.h"
#include "record/socket_hash.h"

/* Errors of destination_wait_function, which no write(2) gives. */
#define RECORDER_READER_STALLED (-ETIME)
#define RECORDER_INTERRUPTED    (-EINTR)

/* A file of a ring, or a snapshot, is finished; what it is called is valid during the call. */
typedef void recorder_finished_function(void *context, const char *path);

struct recorder {
    const struct record_options *options;
    char *const *argv;
    struct kernel *kernel;
    const struct name_service *name_service;
    uint32_t initial_netns; /* as of netns_initial() */
    struct file_ring ring;
    struct tlz_writer_stats past;         /* of the ring's files before this one */
    recorder_finished_function *finished; /* NULL = nobody wants to know */
    void *finished_context;
    bool is_due; /* the next file, which could not be begun */
    bool has_said_overdue;
    struct history history; /* with --snapshot; then `file` is none */
    uint64_t snapshots;     /* written */
    uint8_t id[16];         /* the capture id of each snapshot: they are of one recording */
    struct destination file;
    char *path;           /* of a ring's file; else NULL */
    uint64_t begun_bytes; /* of the file, when its beginning was written */
    struct tlz_writer *writer;
    struct names *names;
    struct clock_source clock_source;
    struct tlz_clock clock;           /* of the block being filled */
    uint32_t source;                  /* the writer's number of this recording */
    struct socket_hash sockets;       /* for the names of sockets in changes of state */
    uint64_t taken[TLZ_KINDS];        /* that came from the kernel */
    uint64_t lost[RECORDER_LOSSES];   /* as of the last look */
    uint64_t stored[RECORDER_LOSSES]; /* of them, in the capture */
    struct tlz_clock stored_clock;    /* the others were lost after this */
    uint64_t failures;                /* of the file's writes, as of the last look */
    uint64_t past_failures;           /* of the files before */
    uint64_t files;                   /* that were begun, this one included */
    uint64_t started_us;              /* Unix time */
    uint64_t flushed_us;              /* of the last flush that was good */
    uint64_t ring_peak;               /* kernel_ring_peak() of the last flush */
    bool more; /* the ring was not emptied: recorder_take() again before waiting */
    int error; /* that ended the recording; negative, it stays */
};

/*
 * A file that cannot be written does not end a recording: sessions that were to be written are
 * dropped and counted, every flush tries again, and once there is room again the capture goes on,
 * with the loss in it. Standard output that cannot be written ends it.
 *
 * Begins the capture: metadata is written, nothing is recorded yet. `options`, `argv`, `kernel`
 * and `service` must outlive it, and the kernel stays the caller's. The files of a ring are made as
 * options->identity, a single one as who started the recorder. 0, or a negative errno after a
 * message, and then *ret needs no recorder_close().
 */
int recorder_open(struct recorder *ret, const struct record_options *options, char *const *argv,
                  struct kernel *kernel, const struct name_service *service);

/* Recording has begun: the file takes the place of one that --force replaces; or of the ring's
 * files the oldest go, as options->identity. 0, or a negative errno after a message. */
int recorder_publish(struct recorder *r);

/* Takes what is in the ring. 1 when as many sessions as wanted (--count) are taken, else 0, or the
 * negative error that ends the recording. */
int recorder_take(struct recorder *r);

/* True when as many sessions as wanted are taken. */
bool recorder_has_enough(const struct recorder *r);

/*
 * Takes what is in the ring, writes it, and the names and losses since the last time; then the
 * block's clock is a new one. Returns as recorder_take().
 */
int recorder_flush(struct recorder *r);

/* With a ring: true when the file has got large enough, or one is overdue. */
bool recorder_is_due(const struct recorder *r);

/*
 * With a ring: as recorder_flush(), and then the next file is begun, the one before ended, and old
 * ones are removed. When that cannot be begun, which is said once, the present one goes on and the
 * next is overdue. Returns as recorder_take(); when that is not 0, no file was begun.
 */
int recorder_rotate(struct recorder *r);

/*
 * The recording is over: takes the sessions that are open now, unless enough were taken already. 0,
 * or the negative error that ends the recording. kernel_detach() and recorder_finish() follow.
 */
int recorder_list_open(struct recorder *r);

/*
 * After kernel_detach(): takes the rest, writes it and the end of the capture with that reason. 0,
 * or a negative error: the capture has no end.
 */
int recorder_finish(struct recorder *r, const char *reason);

/* After kernel_detach(), when ->error is set: counts what it cost, and says it, unless it only is
 * that a pipe was closed. */
void recorder_explain_error(struct recorder *r);

/* Says why rows were lost and what helps, for each cause; nothing when none was. */
void recorder_explain_losses(const struct recorder *r);

/* What was written, and in ->lost what was lost, in the capture or not. */
void recorder_stats(const struct recorder *r, struct tlz_writer_stats *ret);

/* Frees it. */
void recorder_close(struct recorder *r);

#endif
