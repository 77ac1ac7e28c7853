/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/ring_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format/reader.h"
#include "record/host.h"
#include "record/own_file.h"
#include "record/ring_name.h"
#include "util/cleanup.h"

#define CAPACITY_MIN 64

static void close_reader(struct tlz_reader **reader)
{
    *reader = tlz_reader_free(*reader);
}

static ssize_t read_file(void *context, void *data, size_t size)
{
    const int *fd = context;
    ssize_t n = read(*fd, data, size);

    return n < 0 ? -errno : n;
}

static bool has_text(const struct tlz_metadata *meta, enum tlz_meta_tag tag, const char *wanted)
{
    size_t size;
    const char *text = tlz_metadata_text(meta, tag, &size);

    return text && size == strlen(wanted) && !memcmp(text, wanted, size);
}

/* Its first two blocks are those that a recorder writes first: of the file, and of its host. */
static bool is_recorded_on(int fd, const char *host)
{
    struct tlz_input input = {.read = read_file, .context = &fd};
    _cleanup_(close_reader) struct tlz_reader *reader = NULL;
    struct tlz_item item;

    return tlz_reader_open(&reader, &input) == 0 && tlz_reader_next(reader, &item) == 1 &&
           item.kind == TLZ_ITEM_FILE && has_text(item.meta, TLZ_META_PROGRAM, HOST_PROGRAM) &&
           tlz_reader_next(reader, &item) == 1 && item.kind == TLZ_ITEM_SOURCE &&
           has_text(item.meta, TLZ_META_PROGRAM, HOST_PROGRAM) &&
           has_text(item.meta, TLZ_META_HOST, host);
}

static int compare_files(const void *a, const void *b)
{
    uint64_t a_ms = ((const struct ring_file *)a)->ms;
    uint64_t b_ms = ((const struct ring_file *)b)->ms;

    return (a_ms > b_ms) - (a_ms < b_ms);
}

static bool is_known(const struct ring_files *files, const struct ring_file *file)
{
    const struct ring_file *known =
        files->count ? bsearch(file, files->file, files->count, sizeof *file, compare_files) : NULL;

    return known && known->device == file->device && known->inode == file->inode;
}

static int add(struct ring_files *files, const struct ring_file *file)
{
    if (files->count == files->capacity) {
        size_t capacity = files->capacity ? 2 * files->capacity : CAPACITY_MIN;
        struct ring_file *grown = realloc(files->file, capacity * sizeof *grown);

        if (!grown)
            return -ENOMEM;
        files->file = grown;
        files->capacity = capacity;
    }
    files->file[files->count++] = *file;
    return 0;
}

/* 0, whether it is one of the ring or not, or -ENOMEM. */
static int add_if_ours(struct ring_files *files, const struct ring_files *known, int dir_fd,
                       const char *host, const char *name)
{
    _cleanup_(close_fd) int fd = -1;
    struct ring_file file;
    struct stat st;

    if (!ring_name_parse(ring_name_host(host).s, name, &file.ms) ||
        fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !own_file_is(&st))
        return 0;
    file.bytes = (uint64_t)st.st_size;
    file.device = st.st_dev;
    file.inode = st.st_ino;
    if (is_known(known, &file))
        return add(files, &file);
    fd = own_file_open(dir_fd, name, file.device, file.inode);
    return fd >= 0 && is_recorded_on(fd, host) ? add(files, &file) : 0;
}

int ring_files_read(struct ring_files *files, int dir_fd, const char *host)
{
    _cleanup_(own_file_close_list) DIR *directory = own_file_list(dir_fd);
    struct ring_files found = {0};
    struct dirent *entry;
    int r = directory ? 0 : -errno;

    while (r == 0 && (errno = 0, entry = readdir(directory)))
        r = add_if_ours(&found, files, dir_fd, host, entry->d_name);
    if (r == 0)
        r = -errno;
    if (r < 0) {
        ring_files_free(&found);
        return r;
    }
    if (found.count)
        qsort(found.file, found.count, sizeof *found.file, compare_files);
    ring_files_free(files);
    *files = found;
    return 0;
}

uint64_t ring_files_bytes(const struct ring_files *files, ino_t but)
{
    uint64_t bytes = 0;

    for (size_t i = 0; i < files->count; i++)
        bytes += files->file[i].inode == but ? 0 : files->file[i].bytes;
    return bytes;
}

/* False when it is in use, or cannot be removed. One that is gone is as good as removed. */
static bool remove_file(int dir_fd, const char *host, const struct ring_file *file)
{
    _cleanup_(close_fd) int fd = -1;
    struct ring_name name;

    if (ring_name_format(ring_name_host(host).s, file->ms, &name) < 0)
        return false;
    fd = own_file_open(dir_fd, name.s, file->device, file->inode);
    if (fd < 0)
        return faccessat(dir_fd, name.s, F_OK, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT;
    /* Shared, so that two who remove do not take each other for one who writes. */
    if (flock(fd, LOCK_SH | LOCK_NB) < 0)
        return false;
    return unlinkat(dir_fd, name.s, 0) == 0 || errno == ENOENT;
}

bool ring_files_remove_oldest(struct ring_files *files, int dir_fd, const char *host,
                              uint64_t *ret_bytes)
{
    for (size_t i = 0; i < files->count; i++) {
        struct ring_file *file = &files->file[i];

        if (!remove_file(dir_fd, host, file))
            continue;
        *ret_bytes = file->bytes;
        files->count--;
        memmove(file, file + 1, (files->count - i) * sizeof *file);
        return true;
    }
    return false;
}

void ring_files_free(struct ring_files *files)
{
    free(files->file);
    *files = (struct ring_files){0};
}
