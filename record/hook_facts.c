/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/hook_facts.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* A source of the owner (NULL = it is of none), the hook that is needed for it (NULL = those that
 * are always there), and the fields that it alone gives. */
static const struct source {
    const char *owner;
    const char *hook;
    const char *fields;
} sources[] = {
    {"connect", NULL, NULL},
    {"io", "tp_btf/sock_send_length", "io_pid io_comm"},
    {"close", NULL, NULL},
    {"accept", "/inet_csk_accept", "accept_pid accept_comm"},
    {"listen", NULL, NULL},
    {"task-file", "iter/task_file", "task_file_pid task_file_comm"},
    {NULL, "map/sk_storage", "cookie"},
};

#define SOURCE_COUNT (sizeof sources / sizeof *sources)

static void append(char text[HOOK_FACTS_TEXT_MAX], const char *word)
{
    size_t size = strlen(text);

    snprintf(text + size, HOOK_FACTS_TEXT_MAX - size, "%s%s", size ? " " : "", word);
}

static bool is_used(const struct source *source, const char *hooks)
{
    return !source->hook || strstr(hooks, source->hook);
}

void hook_facts_owners(const char *hooks, char ret[HOOK_FACTS_TEXT_MAX])
{
    ret[0] = '\0';
    for (size_t i = 0; i < SOURCE_COUNT; i++)
        if (sources[i].owner && is_used(&sources[i], hooks))
            append(ret, sources[i].owner);
}

void hook_facts_unknown_fields(const char *hooks, char ret[HOOK_FACTS_TEXT_MAX])
{
    ret[0] = '\0';
    for (size_t i = 0; i < SOURCE_COUNT; i++)
        if (!is_used(&sources[i], hooks))
            append(ret, sources[i].fields);
}
