/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/filter_names.h"

#include <errno.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "record/cgroup_tree.h"
#include "record/netns_path.h"
#include "util/cleanup.h"
#include "util/message.h"

/* Adds the user's number. -1 or the status. */
static int add_user(struct number_list *uids, const char *name)
{
    const struct passwd *entry;
    uint64_t *grown;

    errno = 0;
    entry = getpwnam(name);
    if (!entry) {
        if (errno && errno != ENOENT && errno != ESRCH)
            message_error("--uid: cannot look up user '%s': %s", name, strerror(errno));
        else
            message_error("--uid: there is no user '%s'; a number needs no name", name);
        return EXIT_FAILED;
    }
    grown = reallocarray(uids->values, uids->count + 1, sizeof *grown);
    if (!grown) {
        message_error("--uid: %s", strerror(ENOMEM));
        return EXIT_FAILED;
    }
    uids->values = grown;
    grown[uids->count++] = entry->pw_uid;
    return -1;
}

static int find_users(struct record_options *o)
{
    const char *list = o->users;
    const char *word;
    size_t size;
    int status = -1;

    while (status < 0 && list && list_next_name(&list, &word, &size)) {
        _cleanup_(free_pointer) char *name = strndup(word, size);

        if (!name) {
            message_error("--uid: %s", strerror(ENOMEM));
            return EXIT_FAILED;
        }
        status = add_user(&o->uids, name);
    }
    return status;
}

static int find_netns(struct record_options *o)
{
    int r = o->netns_name ? netns_find(o->netns_name, &o->netns) : 0;

    if (r == 0)
        return -1;
    if (r == -ENOTTY)
        message_error("--netns: %s is no network namespace; those of a process are "
                      "/proc/PID/ns/net",
                      o->netns_name);
    else if (r == -ENOENT && !strchr(o->netns_name, '/'))
        message_error("--netns: there is no %s in " NETNS_DIRECTORY "; name self, a path, or an "
                      "inode number",
                      o->netns_name);
    else
        message_error("--netns: %s: %s", o->netns_name, strerror(-r));
    return EXIT_FAILED;
}

static int find_group_by_path(struct record_options *o, const struct cgroup_mount *mount)
{
    int r = cgroup_mount_find(mount, o->cgroup_path, &o->cgroup, &o->cgroup_level);

    if (r == 0)
        return -1;
    if (r == -ENOENT || r == -ENOTDIR)
        message_error("--cgroup: there is no control group %s below %s", o->cgroup_path,
                      mount->path);
    else
        message_error("--cgroup: %s below %s: %s", o->cgroup_path, mount->path, strerror(-r));
    return EXIT_FAILED;
}

static int find_group_by_id(struct record_options *o, const struct cgroup_mount *mount)
{
    _cleanup_(cgroup_tree_free) struct cgroup_tree tree = {0};
    int r = cgroup_tree_read(&tree, mount);
    const struct cgroup_node *node = cgroup_tree_find(&tree, o->cgroup);

    if (node) {
        o->cgroup_level = cgroup_path_level(node->path);
        return -1;
    }
    if (r == 0)
        message_error("--cgroup: there is no control group with the id %" PRIu64 "; it is the "
                      "inode number of its directory below %s",
                      o->cgroup, mount->path);
    else
        message_error("--cgroup: %" PRIu64 ": %s", o->cgroup, strerror(-r));
    return EXIT_FAILED;
}

/* The kernel compares at the group's depth, which is to be that in the whole hierarchy. */
static int find_group_in(struct record_options *o, const struct cgroup_mount *mount)
{
    if (!cgroup_mount_is_whole(mount)) {
        message_error("--cgroup: %s shows only a part of the control groups, as in a container; "
                      "record outside of it",
                      mount->path);
        return EXIT_FAILED;
    }
    return o->cgroup_path ? find_group_by_path(o, mount) : find_group_by_id(o, mount);
}

static int find_group(struct record_options *o)
{
    struct cgroup_mount mount = CGROUP_MOUNT_NONE;
    int status;
    int r;

    if (!o->cgroup_path && !o->cgroup)
        return -1;
    r = cgroup_mount_open(&mount);
    if (r < 0) {
        message_error("--cgroup: control groups of version 2 are not mounted here%s%s",
                      r == -ENOENT ? "" : ": ", r == -ENOENT ? "" : strerror(-r));
        return EXIT_FAILED;
    }
    status = find_group_in(o, &mount);
    cgroup_mount_close(&mount);
    return status;
}

int filter_names_find(struct record_options *options)
{
    int status = find_users(options);

    if (status < 0)
        status = find_netns(options);
    return status < 0 ? find_group(options) : status;
}
