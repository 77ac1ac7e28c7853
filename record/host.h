/* SPDX-License-Identifier: BSD-2-Clause */
/* What a capture says of the host and the recording. */
#ifndef RECORD_HOST_H
#define RECORD_HOST_H

#include <stdint.h>

#include "format/metadata.h"
#include "record/record_options.h"

/* What captures of this recorder call it. */
#define HOST_PROGRAM "tcplife-record"

/* What the rest of the recorder knows. */
struct host_facts {
    uint8_t capture_id[16];
    uint64_t created_us; /* Unix time */
    const char *hooks;
    char *const *argv; /* ends with NULL */
    const struct record_options *options;
};

/* The name of the congestion control that a socket of this network namespace has by default, as the
 * kernel holds it: with zeros behind it. Empty when it is not known. */
void host_congestion(char ret[16]);

/*
 * Sets the metadata of the file itself: what names it, and what made it. 0 or -ENOMEM.
 */
int host_describe_file(const struct host_facts *facts, struct tlz_metadata *ret);

/*
 * Sets the metadata of the source: that of the file, for a merged capture keeps only the source's,
 * and host, kernel and recording. What cannot be found out is left out. 0 or -ENOMEM.
 */
int host_describe_source(const struct host_facts *facts, struct tlz_metadata *ret);

#endif
