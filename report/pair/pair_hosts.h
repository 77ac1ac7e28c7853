/* SPDX-License-Identifier: BSD-2-Clause */
/* Which recordings are of one host: they have one clock, and one loopback network. */
#ifndef REPORT_PAIR_PAIR_HOSTS_H
#define REPORT_PAIR_PAIR_HOSTS_H

#include "report/capture/captures.h"
#include "report/flow/flow_codes.h"

/* So many bytes of a name are shown. */
#define PAIR_HOST_NAME_MAX 256

struct pair_host {
    const char *name; /* or the file that its recording is in; belongs to the captures */
    size_t name_size;
    uint64_t sessions, paired;
};

/* Zeroed = none. */
struct pair_hosts {
    struct pair_host *host; /* as their first recordings come */
    uint32_t count;
    uint32_t *of; /* for the number of a recording: that of its host */
    struct flow_codes known;
};

/*
 * Finds the hosts of all recordings: those with one host name and one boot id are of one; a
 * recording that says neither is one by itself. 0 or -ENOMEM; pair_hosts_close() follows in every
 * case.
 */
int pair_hosts_find(struct pair_hosts *hosts, const struct captures *captures);
void pair_hosts_close(struct pair_hosts *hosts);

#endif
