/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the report learns of its inputs besides rows: who recorded them, where and when, what was
 * lost, what is damaged, whether they end. Bounded whatever the files hold.
 */
#ifndef REPORT_CAPTURE_CAPTURES_H
#define REPORT_CAPTURE_CAPTURES_H

#include "format/tlz.h"

/*
 * How many of each are kept. Past it losses are added to the last one, names are passed over, and
 * damaged places and unknown parts are only counted.
 */
#define CAPTURES_LOSSES_MAX  4096
#define CAPTURES_NAMES_MAX   65536
#define CAPTURES_DAMAGE_MAX  1000
#define CAPTURES_UNKNOWN_MAX 100

/* Sets of kinds of rows. */
#define KIND_BIT(kind) (1u << (kind))
#define KIND_BIT_ALL   (KIND_BIT(TLZ_KINDS) - 1)

/* Causes that are counted apart; a newer version's go to TLZ_LOSS_UNKNOWN. */
#define CAPTURES_CAUSES (TLZ_LOSS_UNSEEN + 1)

struct kept_name {
    enum tlz_name_kind kind;
    uint64_t id;
    char *text;
    size_t size;
};

struct kept_damage {
    uint64_t offset;
    struct tlz_damage damage;
};

/* One source of one input: what one host recorded. */
struct recording {
    uint32_t number; /* from 1, over all inputs */
    uint32_t source; /* its number in the file; 0 = nothing but the file itself is known */
    struct tlz_metadata *meta; /* NULL = the file does not describe it */
    uint64_t rows[TLZ_KINDS];
    uint64_t first_us, last_us; /* least and greatest close_us; meaningless without sessions */
    uint64_t lost[TLZ_KINDS];
    uint64_t lost_by_cause[TLZ_KINDS][CAPTURES_CAUSES];
    uint64_t lost_from_us, lost_to_us; /* meaningless without losses */
    struct tlz_loss *losses;
    size_t loss_count;
    struct kept_name *names;
    size_t name_count;
};

/* One input. */
struct capture {
    const char *name;          /* as messages and reports call it; belongs to the input */
    char *own_name;            /* its name, where it is not the input\'s; else NULL */
    struct tlz_metadata *file; /* NULL = none seen */
    struct tlz_metadata *end;  /* NULL = it has no end */
    uint64_t bytes;            /* read so far */
    uint64_t blocks;           /* good ones, of every type but the index */
    uint64_t sessions;         /* of all recordings */
    bool unread;               /* some of them were not read: the index tells of them */
    struct recording **recordings;
    size_t recording_count;
    uint32_t *by_source; /* index into recordings plus 1, by the file's source number */
    size_t by_source_count;
    struct kept_damage *damage;
    size_t damage_kept;
    uint64_t damage_count, damaged_bytes, missing_blocks;
    struct tlz_unknown *unknown;
    size_t unknown_kept;
    uint64_t unknown_count;
    bool failed; /* reading it stopped at an error, which was said */
    bool grows;  /* that it has no end is no flaw: it is being written */
    bool said;   /* captures_say() has told of it */
};

struct captures {
    struct capture *capture;
    size_t count;
    size_t room;         /* for so many */
    uint32_t recordings; /* of all of them */
};

/*
 * One thing learnt, as handed on to sinks. `item` is NULL when the input is at its end. All of it
 * is valid during the call; capture and recording until the report ends.
 */
struct fact {
    const struct capture *capture;
    const struct recording *recording; /* NULL when it is about the file */
    const struct tlz_item *item;
};

/* Room for `count` inputs. 0 or -ENOMEM. */
int captures_open(struct captures *c, size_t count);
void captures_close(struct captures *c);

/* Room for so many, of which none is there yet: one more is where `count` says. 0 or -ENOMEM. */
int captures_open_empty(struct captures *c, size_t room);

/* Notes an item of that input and fills *ret. 0 or -ENOMEM. */
int captures_learn(struct captures *c, struct capture *capture, const struct tlz_item *item,
                   struct fact *ret);

/* A metadata tag's text: the first that any recording has, or NULL. */
const char *captures_first_text(const struct captures *c, enum tlz_meta_tag tag);

/* True when two recordings have that tag's text, and not the same. */
bool captures_differ(const struct captures *c, enum tlz_meta_tag tag);

/*
 * Says on standard error what was lost of these kinds (of KIND_BIT()) and is damaged, each input in
 * turn, which have no end, and which hold the same recording. One of which capture_say() told is
 * passed over.
 */
void captures_say(const struct captures *c, unsigned int kinds);

/* Says it of one. */
void capture_say(struct capture *capture, unsigned int kinds);

/* How many rows of that kind the recorder lost; how many were read, or are told of by an index, in
 * one input or in all. */
uint64_t capture_lost(const struct capture *capture, enum tlz_kind kind);
uint64_t capture_rows(const struct capture *capture, enum tlz_kind kind);
uint64_t captures_rows(const struct captures *c, enum tlz_kind kind);

/* True when an input is damaged or has no end, and does not grow. */
bool captures_are_damaged(const struct captures *c);

/* True when a recorder counted losses of these kinds. */
bool captures_have_losses(const struct captures *c, unsigned int kinds);

/* True when nothing in the input could be read: only damage. */
bool capture_is_empty_of_good(const struct capture *capture);

/* ... since it is a capture that was cut inside of its first block. */
bool capture_is_only_begun(const struct capture *capture);

#endif
