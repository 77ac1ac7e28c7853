/* SPDX-License-Identifier: BSD-2-Clause */
/* The counters of a recording as Prometheus reads them. */
#ifndef RECORD_METRICS_TEXT_H
#define RECORD_METRICS_TEXT_H

#include "record/recorder.h"
#include "util/joined_text.h"

/* How each file begins. */
#define METRICS_BEGIN "# HELP tcplife_"

/* Adds all of them, as of the last flush: Prometheus' text format, 0.0.4. */
void metrics_text(const struct recorder *r, bool is_recording, struct joined_text *text);

#endif
