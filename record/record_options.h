/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line of tcplife-record. */
#ifndef RECORD_RECORD_OPTIONS_H
#define RECORD_RECORD_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "record/identity.h"
#include "record/path_options.h"
#include "record/ring_options.h"
#include "record/snapshot_options.h"
#include "util/joined_text.h"
#include "util/parse.h"

#define RIGHTS_TEXT_MAX 256

/* Texts and the command belong to argv. */
struct record_options {
    const char *output; /* "-" is standard output; with a ring the directory */
    bool force;
    struct number_list pids; /* empty lists select everything */
    struct number_list lports;
    struct number_list rports;
    struct number_list uids;
    int family;              /* 4, 6, or 0 = both */
    uint32_t netns;          /* inode number; 0 = all */
    uint64_t cgroup;         /* id; 0 = all */
    uint32_t cgroup_level;   /* its depth; the root's is 0 */
    const char *users;       /* the list of -u: its names are not yet among uids; NULL = none */
    const char *netns_name;  /* self, a path or a name, not yet netns; NULL = none */
    const char *cgroup_path; /* not yet cgroup; NULL = none */
    bool states;             /* record each change of state, too */
    bool owner_io;           /* attach to every send and receive */
    uint64_t duration_us;    /* 0 = no limit */
    uint64_t count;          /* 0 = no limit */
    struct ring_options ring;
    struct snapshot_options snapshot;
    uint64_t flush_us;
    uint64_t ring_bytes; /* a power of two, at least a page */
    struct path_options path;
    int level;           /* of zstd; 0 = the writer's default */
    const char *note;    /* may be NULL */
    const char *metrics; /* a file; NULL = none */
    const char *user;    /* as whom to run, not yet identity; NULL = by default */
    struct identity identity;
    char rights[RIGHTS_TEXT_MAX]; /* once it records, as the capture says it; empty = not yet known
                                   */
    char **command;               /* ends with NULL; NULL itself = no command */
    bool probe;                   /* say what this kernel offers, and record nothing */
    bool quiet;
    bool verbose;
};

/* True when the output is a directory, for many files. */
static inline bool options_want_directory(const struct record_options *o)
{
    return ring_is_wanted(&o->ring) || o->snapshot.is_wanted;
}

/* What --help prints. */
extern const char record_help[];

/*
 * Parses the command line. What only this machine knows is left to filter_names_find(). Returns
 * -1 and *ret when there is work to do, or the status to exit with, after --help, --version or a
 * message about what is wrong. options_free() follows in every case.
 */
int options_parse(struct record_options *ret, int argc, char **argv);
void options_free(struct record_options *options);

/* Adds the filters as options: "-p 1,2 -L 80 -4"; nothing when there are none. Users, namespaces
 * and groups are numbers, which a capture's names tell of. */
void options_filters_text(const struct record_options *options, struct joined_text *text);

#endif
