/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/path_options.h"

#include <stddef.h>
#include <string.h>

#include "util/message.h"
#include "util/parse.h"

static const char *const hooks_names[PATH_HOOKS] = {
    [PATH_TP_BTF] = "tp_btf", [PATH_TRACEPOINT] = "tracepoint", [PATH_KPROBE] = "kprobe"};
static const char *const transport_names[PATH_TRANSPORTS] = {
    [PATH_RINGBUF] = "ringbuf", [PATH_PERF] = "perf"};
static const char *const storage_names[PATH_STORAGES] = {
    [PATH_SOCKET] = "socket", [PATH_HASH] = "hash"};

const char *path_hooks_name(enum path_hooks hooks)
{
    return hooks_names[hooks];
}

const char *path_transport_name(enum path_transport transport)
{
    return transport_names[transport];
}

const char *path_storage_name(enum path_storage storage)
{
    return storage_names[storage];
}

/* The place of a word of that size in a list that begins at 1; 0 = it is none. */
static unsigned find(const char *const *names, unsigned count, const char *word, size_t size)
{
    for (unsigned i = 1; i < count; i++)
        if (strlen(names[i]) == size && !strncmp(names[i], word, size))
            return i;
    return 0;
}

int path_take_hooks(const char *text, struct path_options *o)
{
    unsigned i = find(hooks_names, PATH_HOOKS, text, strlen(text));

    if (!i)
        return message_usage("--hooks wants tp_btf, tracepoint or kprobe, not '%s'", text);
    o->hooks = i;
    return -1;
}

int path_take_transport(const char *text, struct path_options *o)
{
    unsigned i = find(transport_names, PATH_TRANSPORTS, text, strlen(text));

    if (!i)
        return message_usage("--transport wants ringbuf or perf, not '%s'", text);
    o->transport = i;
    return -1;
}

int path_take_storage(const char *text, struct path_options *o)
{
    size_t size = strcspn(text, ":");
    unsigned i = find(storage_names, PATH_STORAGES, text, size);
    uint64_t sessions = 0;

    if (!i || (text[size] && i != PATH_HASH))
        return message_usage("--storage wants socket, hash or hash:SESSIONS, not '%s'", text);
    if (text[size] &&
        (parse_number(text + size + 1, PATH_SESSIONS_MAX, &sessions) < 0 || sessions == 0))
        return message_usage("--storage hash: wants a number of sessions from 1 to %d, not '%s'",
                             PATH_SESSIONS_MAX, text + size + 1);
    o->storage = i;
    o->sessions = (uint32_t)sessions;
    return -1;
}

int path_take_btf(const char *text, struct path_options *o)
{
    if (!text[0])
        return message_usage("--btf wants a file");
    o->btf = text;
    return -1;
}

int path_options_finish(const struct path_options *o)
{
    if (o->storage == PATH_SOCKET && (o->hooks == PATH_TRACEPOINT || o->hooks == PATH_KPROBE))
        return message_usage("--storage socket needs --hooks tp_btf");
    if (o->storage == PATH_SOCKET && o->transport == PATH_PERF)
        return message_usage("--storage socket needs --transport ringbuf");
    return -1;
}
