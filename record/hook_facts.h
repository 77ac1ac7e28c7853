/* SPDX-License-Identifier: BSD-2-Clause */
/* What follows from the hooks that a recording uses. */
#ifndef RECORD_HOOK_FACTS_H
#define RECORD_HOOK_FACTS_H

#define HOOK_FACTS_TEXT_MAX 256

/* The sources from which the owner of a session can be known, best first, by the names of the field
 * `owner`, with spaces between. hooks are names as kernel_hooks() has them. */
void hook_facts_owners(const char *hooks, char ret[HOOK_FACTS_TEXT_MAX]);

/* The fields that stay absent with these hooks, by name, with spaces between; empty when there are
 * none. */
void hook_facts_unknown_fields(const char *hooks, char ret[HOOK_FACTS_TEXT_MAX]);

#endif
