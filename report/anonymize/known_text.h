/* SPDX-License-Identifier: BSD-2-Clause */
/* Texts that say nothing of anybody: those that the recorder and the reporter write themselves, and
 * those that are the same on many machines. Of a capture any text may have come. */
#ifndef REPORT_ANONYMIZE_KNOWN_TEXT_H
#define REPORT_ANONYMIZE_KNOWN_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "format/metadata.h"

/*
 * Whether the text, with a NUL behind it, is such a one: a program, a machine, hooks with spaces
 * between, names of keys, or a reason for the end, with what the reporter puts behind it. Of other
 * tags none is.
 */
bool known_text(enum tlz_meta_tag tag, const char *text, size_t size);

/* How much of the text that it begins with is a version: three numbers at most, with dots between,
 * of five digits at most. 0 = none. */
size_t known_version(const char *text);

/* Whether it is a congestion control that comes with Linux. */
bool known_congestion(const char *name);

#endif
