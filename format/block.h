/* SPDX-License-Identifier: BSD-2-Clause */
/* What stands in a capture besides rows: losses, names, the end; and the limits that bound
 * every length. */
#ifndef TLZ_BLOCK_H
#define TLZ_BLOCK_H

#include <stddef.h>
#include <stdint.h>

#include "format/field.h"

/* Major version of the file format. A reader refuses a greater one, and 0, the drafts. */
#define TLZ_FORMAT_VERSION 1
#define TLZ_FORMAT_MINOR   2

/* Limits of the format: a reader refuses what exceeds them, before it allocates. */
#define TLZ_ROWS_MAX    16384u              /* sessions in a block */
#define TLZ_BODY_MAX    (16u * 1024 * 1024) /* stored bytes of a block */
#define TLZ_COLUMNS_MAX 256u                /* columns in a block, unknown ones included */
#define TLZ_TABLES_MAX  16u                 /* tables in a block, the rows included */
#define TLZ_TERMS_MAX   12u                 /* columns that predict another */
#define TLZ_TERMS_TOTAL 128u                /* ... in all columns of a block */
#define TLZ_JOINT_MAX                                                                              \
    (256u * 1024) /* bytes of a block compressed as a whole, before compression                    \
                   */
#define TLZ_ROWS_A_BYTE                                                                            \
    1u /* sessions in a block for each byte of its body: a small file cannot                       \
          stand for many */
#define TLZ_NAME_MAX    4096u  /* bytes of a name */
#define TLZ_SOURCES_MAX 65536u /* sources in a file */
#define TLZ_INDEX_MAX   1024u  /* entries of an index block */

enum tlz_block_type {
    TLZ_BLOCK_METADATA = 1,
    TLZ_BLOCK_SESSIONS = 2,
    TLZ_BLOCK_LOSS = 3,
    TLZ_BLOCK_NAME = 4,
    TLZ_BLOCK_END = 5,
    TLZ_BLOCK_INDEX = 6,
    TLZ_BLOCK_STATES = 7,
    TLZ_BLOCK_STATES_LOSS = 8,
};

/* Why rows were lost. Numbers are on disk. */
enum tlz_loss_cause {
    TLZ_LOSS_UNKNOWN,
    TLZ_LOSS_RING_FULL,   /* the ring buffer was full */
    TLZ_LOSS_NO_STORAGE,  /* the kernel had no memory for a socket's storage */
    TLZ_LOSS_WRITE_ERROR, /* the capture could not be written */
    TLZ_LOSS_UNSEEN, /* changes of state that the kernel did not show: at most so many sessions are
                        missing, or lack a state */
};

/* Rows that the recorder counted and could not record. */
struct tlz_loss {
    enum tlz_loss_cause cause;
    uint64_t count;
    uint64_t from_us; /* Unix times between which they were lost */
    uint64_t to_us;
    enum tlz_kind kind; /* of what */
};

/* "ring-full", ...; NULL when this version does not know the cause. */
const char *tlz_loss_cause_name(enum tlz_loss_cause cause);

/* What a name belongs to. Numbers are on disk. */
enum tlz_name_kind { TLZ_NAME_CGROUP = 1, TLZ_NAME_NETNS = 2, TLZ_NAME_UID = 3 };

/* A name for a number that only the recording host can look up. */
struct tlz_name {
    enum tlz_name_kind kind;
    uint64_t id;
    const char *text; /* bytes, NUL behind them; belongs to the reader until its next call */
    size_t size;      /* at most TLZ_NAME_MAX */
};

#endif
