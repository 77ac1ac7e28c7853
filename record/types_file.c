/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/types_file.h"

#include <bpf/btf.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/rights.h"
#include "record/small_file.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Those of bpf/kernel_types.h that hold what is read. */
static const char *const types[] = {
    "cgroup",      "file",        "inet_connection_sock", "inet_sock",
    "kernfs_node", "list_head",   "minmax_sample",        "net",
    "ns_common",   "sock",        "sock_cgroup_data",     "sock_common",
    "socket",      "task_struct", "tcp_congestion_ops",   "tcp_sock",
};

/* Caches whose objects are one type, and which the kernel merges with no other: they have a
 * constructor, or are typesafe by RCU (tcp_prot in net/ipv4/tcp_ipv4.c, tcpv6_prot in
 * net/ipv6/tcp_ipv6.c, init_inodecache() in net/socket.c, mm/slab_common.c, Linux 4.16 to 6.18). */
static const struct {
    const char *type;
    const char *size_file;
} caches[] = {
    {"tcp_sock", "/sys/kernel/slab/TCP/object_size"},
    {"tcp6_sock", "/sys/kernel/slab/TCPv6/object_size"},
    {"socket_alloc", "/sys/kernel/slab/sock_inode_cache/object_size"},
};

bool types_file_is_one(const char *path)
{
    struct btf *btf = btf__parse(path, NULL);

    btf__free(btf);
    return btf;
}

/* NULL = there is none. */
static const struct btf_type *find(const struct btf *btf, const char *name)
{
    int id = btf__find_by_name_kind(btf, name, BTF_KIND_STRUCT);

    return id < 0 ? NULL : btf__type_by_id(btf, (uint32_t)id);
}

static bool size_differs(const char *type, uint32_t there, uint32_t here, char *ret)
{
    if (there == here)
        return false;
    snprintf(ret, TYPES_FILE_TEXT_MAX,
             "struct %s has %" PRIu32 " bytes there, and %" PRIu32 " here", type, there, here);
    return true;
}

/* "" = it has none; "?" = one that is not among the names, which libbpf 1.1 lets pass. */
static const char *member_name(const struct btf *btf, const struct btf_type *type, uint32_t index)
{
    const char *name = btf__name_by_offset(btf, btf_members(type)[index].name_off);

    return name ? name : "?";
}

/* Where a member is, in bits; -1 = there is none of that name. */
static int64_t offset_of(const struct btf *btf, const struct btf_type *type, const char *member)
{
    for (uint32_t i = 0; i < btf_vlen(type); i++)
        if (!strcmp(member_name(btf, type, i), member))
            return btf_member_bit_offset(type, i);
    return -1;
}

/* A file may have only the members that are read. */
static bool members_differ(const struct btf *file, const struct btf_type *there,
                           const struct btf *kernel, const struct btf_type *here, const char *type,
                           char *ret)
{
    for (uint32_t i = 0; i < btf_vlen(there); i++) {
        const char *name = member_name(file, there, i);

        if (!name[0] || offset_of(kernel, here, name) == btf_member_bit_offset(there, i))
            continue;
        snprintf(ret, TYPES_FILE_TEXT_MAX, "struct %s has its %.40s elsewhere there than here",
                 type, name);
        return true;
    }
    return false;
}

static bool type_differs(const struct btf *file, const struct btf *kernel, const char *type,
                         char *ret)
{
    const struct btf_type *there = find(file, type);
    const struct btf_type *here = find(kernel, type);

    return there && here &&
           (size_differs(type, there->size, here->size, ret) ||
            members_differ(file, there, kernel, here, type, ret));
}

static bool cache_differs(const struct btf *file, const char *type, const char *size_file,
                          char *ret)
{
    const struct btf_type *there = find(file, type);
    char text[32];

    return there && small_file_line(size_file, text, sizeof text) &&
           size_differs(type, there->size, (uint32_t)strtoul(text, NULL, 10), ret);
}

bool types_file_differs(const char *path, char ret[TYPES_FILE_TEXT_MAX])
{
    struct btf *file = btf__parse(path, NULL);
    struct btf *kernel = btf__parse(RIGHTS_BTF_FILE, NULL); /* and no file that may be older */
    bool differs = false;

    for (size_t i = 0; file && kernel && !differs && i < COUNT(types); i++)
        differs = type_differs(file, kernel, types[i], ret);
    for (size_t i = 0; file && !differs && i < COUNT(caches); i++)
        differs = cache_differs(file, caches[i].type, caches[i].size_file, ret);
    btf__free(kernel);
    btf__free(file);
    return differs;
}
