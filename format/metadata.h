/* SPDX-License-Identifier: BSD-2-Clause */
/* What a capture says of itself and of each of its sources: tagged values, in one list. */
#ifndef TLZ_METADATA_H
#define TLZ_METADATA_H

#include <stddef.h>
#include <stdint.h>

/* How a metadata value is stored and shown. */
enum tlz_meta_type {
    TLZ_METATYPE_TEXT,     /* bytes, meant as UTF-8, never trusted to be it */
    TLZ_METATYPE_NUMBER,   /* u64 */
    TLZ_METATYPE_BYTES,    /* u64, a number of bytes */
    TLZ_METATYPE_TIME,     /* u64, microseconds since the Unix epoch */
    TLZ_METATYPE_DURATION, /* u64, microseconds */
    TLZ_METATYPE_ID,       /* 16 random bytes, shown in hexadecimal */
};

/*
 * X(ID, name, number, type, help). Used by metadata blocks (what is known at the start of a source)
 * and by end blocks (what is known at its end). Numbers are on disk and never change.
 */
/* clang-format off */
#define TLZ_META_TAGS(X) \
    X(CAPTURE_ID,    "capture_id",     1, ID,       "random, names this recording for ever") \
    X(PROGRAM,       "program",        2, TEXT,     "the program that recorded or wrote it") \
    X(VERSION,       "version",        3, TEXT,     "its version") \
    X(COMMAND_LINE,  "command_line",   4, TEXT,     "its command line") \
    X(CREATED_US,    "created_us",     5, TIME,     "when it was started") \
    X(HOST,          "host",           6, TEXT,     "host name") \
    X(KERNEL,        "kernel",         7, TEXT,     "kernel release") \
    X(MACHINE,       "machine",        8, TEXT,     "architecture") \
    X(BOOT_ID,       "boot_id",        9, TEXT,     "the host's boot id") \
    X(TIME_ZONE,     "time_zone",     10, TEXT,     "the host's time zone (IANA name where known)") \
    X(PROCESSORS,    "processors",    11, NUMBER,   "processors on line") \
    X(FILTERS,       "filters",       12, TEXT,     "filters in force in the kernel; absent = none") \
    X(HOOKS,         "hooks",         13, TEXT,     "hooks that were attached") \
    X(OWNERS,        "owner_sources", 29, TEXT,     "how the owner of a session could be known, best first") \
    X(FIELDS_NOT_KNOWN, "fields_not_known", 30, TEXT, "fields that stayed absent for want of a hook") \
    X(FLUSH_US,      "flush_us",      14, DURATION, "longest time before a session was written") \
    X(RING_BYTES,    "ring_bytes",    15, BYTES,    "size of the ring buffer") \
    X(RIGHTS,        "rights",        28, TEXT,     "as whom the recorder ran, with which capabilities, and what confined it") \
    X(NOTE,          "note",          16, TEXT,     "note given by the user") \
    X(PROVENANCE,    "provenance",    17, TEXT,     "what it was made from") \
    X(OWN_NETNS,     "own_netns",     24, NUMBER,   "the recorder's network namespace (inode number)") \
    X(ANONYMIZED,    "anonymized",    27, TEXT,     "names, addresses and numbers are others, by this key") \
    X(ENDED_US,      "ended_us",      18, TIME,     "when the recording ended") \
    X(REASON,        "reason",        19, TEXT,     "why the recording ended") \
    X(SESSIONS,      "sessions",      20, NUMBER,   "sessions written, of all sources") \
    X(LOST,          "lost",          21, NUMBER,   "sessions lost, of all sources") \
    X(BLOCKS,        "total_blocks",  22, NUMBER,   "blocks before the end block, of all sources") \
    X(INDEX,         "index_offset",  23, NUMBER,   "offset of the root of the index in the file") \
    X(STATES,        "states",        25, NUMBER,   "changes of state written, of all sources; absent = they were not recorded") \
    X(STATES_LOST,   "states_lost",   26, NUMBER,   "changes of state lost, of all sources; absent = none")
/* clang-format on */

enum tlz_meta_tag {
#define X(id, ...) TLZ_META_##id,
    TLZ_META_TAGS(X)
#undef X
        TLZ_META_TAG_COUNT
};

struct tlz_meta_info {
    const char *name;
    const char *help;
    uint16_t number; /* on disk */
    enum tlz_meta_type type;
};

extern const struct tlz_meta_info tlz_meta_tags[TLZ_META_TAG_COUNT];

/* The longest text, in bytes; a longer one is cut by tlz_metadata_set_text(). */
#define TLZ_META_TEXT_MAX 4096

/* A set of tagged values. Opaque; made by tlz_metadata_new(). */
struct tlz_metadata;

/* An empty set, or NULL when memory is out. */
struct tlz_metadata *tlz_metadata_new(void);

/* Frees it (NULL is fine) and returns NULL. */
struct tlz_metadata *tlz_metadata_free(struct tlz_metadata *meta);

/* A copy, or NULL when memory is out. */
struct tlz_metadata *tlz_metadata_copy(const struct tlz_metadata *meta);

/* Sets a value, which is copied. 0, -ENOMEM, or -EINVAL when the tag is of another type. */
int tlz_metadata_set_text(struct tlz_metadata *meta, enum tlz_meta_tag tag, const char *text);
/* Text of any bytes, NUL among them; cut after TLZ_META_TEXT_MAX. */
int tlz_metadata_set_bytes(struct tlz_metadata *meta, enum tlz_meta_tag tag, const void *data,
                           size_t size);
int tlz_metadata_set_number(struct tlz_metadata *meta, enum tlz_meta_tag tag, uint64_t number);
int tlz_metadata_set_id(struct tlz_metadata *meta, const uint8_t id[16]);

/* The text with a NUL behind it (it may hold others), or NULL when absent. ret_size may be NULL.
 * Valid until the next set or free. */
const char *tlz_metadata_text(const struct tlz_metadata *meta, enum tlz_meta_tag tag,
                              size_t *ret_size);

/* 1 and the number, or 0 when absent. */
int tlz_metadata_number(const struct tlz_metadata *meta, enum tlz_meta_tag tag, uint64_t *ret);

/* The 16 bytes, or NULL when absent. */
const uint8_t *tlz_metadata_id(const struct tlz_metadata *meta);

#endif
