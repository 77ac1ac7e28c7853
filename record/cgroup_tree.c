/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/cgroup_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "util/cleanup.h"

#define CAPACITY_MIN 256
#define BYTES_MAX    ((size_t)16 << 20)

static void close_directory(DIR **directory)
{
    if (*directory)
        closedir(*directory);
}

/* Takes the path. 0 or -ENOMEM. */
static int add(struct cgroup_tree *tree, uint64_t id, uint64_t parent, char *path)
{
    if (tree->count == tree->capacity) {
        size_t capacity = tree->capacity ? 2 * tree->capacity : CAPACITY_MIN;
        struct cgroup_node *grown = reallocarray(tree->node, capacity, sizeof *grown);

        if (!grown) {
            free(path);
            return -ENOMEM;
        }
        tree->node = grown;
        tree->capacity = capacity;
    }
    tree->bytes += strlen(path) + 1;
    tree->node[tree->count++] = (struct cgroup_node){.id = id, .parent = parent, .path = path};
    return 0;
}

static DIR *open_directory(const struct cgroup_mount *mount, const char *path)
{
    int fd = openat(mount->fd, path[1] ? path + 1 : ".",
                    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *directory = fd < 0 ? NULL : fdopendir(fd);

    if (fd >= 0 && !directory)
        close(fd);
    return directory;
}

/* Adds the groups in that one. 0 or -ENOMEM. */
static int add_children(struct cgroup_tree *tree, const struct cgroup_mount *mount, size_t parent)
{
    /* The nodes move when one is added; paths stay. */
    const struct cgroup_node node = tree->node[parent];
    _cleanup_(close_directory) DIR *directory = open_directory(mount, node.path);
    struct dirent *entry;
    int r = 0;

    while (r == 0 && tree->bytes < BYTES_MAX && directory && (entry = readdir(directory))) {
        char *path;

        if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
            continue;
        r = asprintf(&path, "%s/%s", node.path[1] ? node.path : "", entry->d_name) < 0 ? -ENOMEM
                                                                                       : 0;
        /* The inode number is the id (kernfs_ino(), include/linux/kernfs.h, Linux 5.5 to 6.18). */
        if (r == 0)
            r = add(tree, entry->d_ino, node.id, path);
    }
    return r;
}

static int compare_nodes(const void *a, const void *b)
{
    uint64_t a_id = ((const struct cgroup_node *)a)->id;
    uint64_t b_id = ((const struct cgroup_node *)b)->id;

    return (a_id > b_id) - (a_id < b_id);
}

int cgroup_tree_read(struct cgroup_tree *tree, const struct cgroup_mount *mount)
{
    struct stat st;
    char *root;
    int r;

    cgroup_tree_free(tree);
    if (mount->fd < 0)
        return -ENOENT;
    if (fstat(mount->fd, &st) < 0)
        return -errno;
    root = strdup("/");
    r = root ? add(tree, st.st_ino, st.st_ino, root) : -ENOMEM;
    for (size_t i = 0; r == 0 && i < tree->count; i++)
        r = add_children(tree, mount, i);
    if (r < 0)
        cgroup_tree_free(tree);
    else
        qsort(tree->node, tree->count, sizeof *tree->node, compare_nodes);
    return r;
}

const struct cgroup_node *cgroup_tree_find(const struct cgroup_tree *tree, uint64_t id)
{
    const struct cgroup_node wanted = {.id = id};

    return tree->count ? bsearch(&wanted, tree->node, tree->count, sizeof wanted, compare_nodes)
                       : NULL;
}

void cgroup_tree_free(struct cgroup_tree *tree)
{
    for (size_t i = 0; i < tree->count; i++)
        free(tree->node[i].path);
    free(tree->node);
    *tree = (struct cgroup_tree){0};
}
