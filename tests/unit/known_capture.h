/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A capture of which everything is known: sessions of several sources, losses and names, whose
 * blocks are on a map. It is wounded, and read; what a reader tells must be what is left of it.
 */
#ifndef TESTS_KNOWN_CAPTURE_H
#define TESTS_KNOWN_CAPTURE_H

#include "memory_file.h"

#define KNOWN_SOURCES 3

/* How much a capture holds. */
struct known_plan {
    uint32_t blocks; /* of sessions */
    uint32_t rows;   /* in each; in every eighth block a tenth of that, and at least one */
    uint32_t run;    /* blocks of a source before another's turn */
    uint32_t names;  /* blocks of names behind each block of sessions */
    uint32_t losses; /* blocks of sessions for each loss; 0 = none */
};

struct known_block {
    uint64_t offset;
    uint64_t size;
    uint8_t type;
    uint32_t source;
    uint32_t rows;
    uint64_t number;   /* among those of its type: what is in it is made from that */
    uint64_t first_us; /* least and greatest close_us, Unix times */
    uint64_t last_us;
    uint64_t digest;       /* of all stored fields of its sessions */
    uint64_t close_digest; /* ... of their close_us */
};

struct known_capture {
    struct memory_file file;
    struct known_block *block;
    size_t blocks;
    uint64_t rows;
};

/* What was done to it: it ends at a byte, or a bit of that byte is another. */
enum wound_kind { WOUND_NONE, WOUND_CUT, WOUND_FLIP };

struct wound {
    enum wound_kind kind;
    uint64_t at; /* byte */
    uint8_t bit; /* WOUND_FLIP */
};

/* How it is read. */
struct way {
    bool seeking; /* with its index, where it is good */
    uint64_t from_us, to_us;
};

#define WAY_STREAM ((struct way){.to_us = UINT64_MAX})
#define WAY_SEEK   ((struct way){.seeking = true, .to_us = UINT64_MAX})

/* All fields, or close_us alone. */
static inline struct tlz_fieldset known_fields(bool all)
{
    struct tlz_fieldset fields;

    memset(&fields, all ? 0xff : 0, sizeof fields);
    tlz_fieldset_add(&fields, TLZ_CLOSE_US);
    return fields;
}

/* Of a block's sessions: the stored fields that are in the set, and which are absent. */
uint64_t known_digest(const struct tlz_batch *batch, const struct tlz_fieldset *fields);

/* Writes it, reads it, and holds each session equal to what was written. known_capture_free()
 * follows. */
void known_capture_make(struct known_capture *c, const struct known_plan *plan);
void known_capture_free(struct known_capture *c);

/*
 * Wounds it, reads it, and heals it. Fails the test unless: every block that is whole is told,
 * once, in its order and with all that is in it, but those whose sessions lie outside of the way's
 * window, which are passed over; the damage is told with its place and its bytes; and what is lost
 * is counted: rows told, rows passed over and rows of the block that is lost are all rows. Sessions
 * are compared as a whole around the wound, and by close_us elsewhere.
 */
void known_capture_check(struct known_capture *c, const struct wound *wound, const struct way *way);

#endif
