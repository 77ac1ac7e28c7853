/* SPDX-License-Identifier: BSD-2-Clause */
/* What the end of a written capture says of those that it was made from. */
#ifndef REPORT_SINK_WRITTEN_END_H
#define REPORT_SINK_WRITTEN_END_H

#include "report/capture/captures.h"

/* Adds when and why the last recording ended, and what was wrong with the inputs. 0 or -ENOMEM. */
int written_end_describe(const struct captures *captures, struct tlz_metadata *end);

#endif
