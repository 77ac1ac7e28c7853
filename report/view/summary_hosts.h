/* SPDX-License-Identifier: BSD-2-Clause */
/* What was read of each host: a ring of files is one line and not one each. */
#ifndef REPORT_VIEW_SUMMARY_HOSTS_H
#define REPORT_VIEW_SUMMARY_HOSTS_H

#include "report/capture/captures.h"
#include "report/view/columns.h"

/* Of one host, or of one way to filter in the recorder. */
struct summary_host {
    struct cell name; /* text of the captures; absent where a recording does not tell it */
    uint64_t recordings;
    uint64_t sessions; /* that were read, whatever was selected */
    uint64_t lost;
    uint64_t first_us, last_us; /* ends of those that were read; none = last_us is 0 */
};

/*
 * All recordings of the captures by that tag of theirs (TLZ_META_HOST, TLZ_META_FILTERS), those
 * with most sessions first, then by name. 0, *ret (malloc'ed, the caller's to free) and *ret_count,
 * or -ENOMEM.
 */
int summary_hosts(const struct captures *captures, enum tlz_meta_tag tag, struct summary_host **ret,
                  size_t *ret_count);

#endif
