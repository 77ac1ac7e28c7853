/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The recorder's ways into the kernel: which hooks tell it of changes of state, how events come to
 * it and where sessions are kept while they live. By default each is the first of its list that the
 * kernel has.
 */
#ifndef RECORD_PATH_OPTIONS_H
#define RECORD_PATH_OPTIONS_H

#include <stdint.h>

/* The number of sessions that a hash map has room for. */
#define PATH_SESSIONS_DEFAULT 65536
#define PATH_SESSIONS_MAX     (1 << 22)

enum path_hooks { PATH_HOOKS_ANY, PATH_TP_BTF, PATH_TRACEPOINT, PATH_KPROBE, PATH_HOOKS };
enum path_transport { PATH_TRANSPORT_ANY, PATH_RINGBUF, PATH_PERF, PATH_TRANSPORTS };
enum path_storage { PATH_STORAGE_ANY, PATH_SOCKET, PATH_HASH, PATH_STORAGES };

struct path_options {
    enum path_hooks hooks;
    enum path_transport transport;
    enum path_storage storage;
    uint32_t sessions; /* 0 = the default */
    const char *btf;   /* a file with the kernel's types; NULL = the kernel's own */
};

/* Each takes an option's value: -1, or the status after a message. */
int path_take_hooks(const char *text, struct path_options *o);
int path_take_transport(const char *text, struct path_options *o);
int path_take_storage(const char *text, struct path_options *o);
int path_take_btf(const char *text, struct path_options *o);

/* Once all are taken. -1, or the status after a message. */
int path_options_finish(const struct path_options *o);

/* As the options have them. */
const char *path_hooks_name(enum path_hooks hooks);
const char *path_transport_name(enum path_transport transport);
const char *path_storage_name(enum path_storage storage);

#endif
