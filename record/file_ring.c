/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/file_ring.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "format/error.h"
#include "record/own_file.h"
#include "record/ring_name.h"
#include "util/cleanup.h"
#include "util/message.h"

#define US_PER_MS 1000

/* Names that somebody else takes between a look into the directory and open(2). */
#define TRIES 1000

/* What the beginning of a file takes at least. */
#define BEGINNING_BYTES 4096

/* A descriptor, or a negative errno after a message. */
static int open_directory(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int error = errno;

    if (fd >= 0)
        return fd;
    if (error == ENOENT || error == ENOTDIR)
        message_error("%s is no directory; make it first: where files are rotated, -o is the "
                      "directory that gets them",
                      path);
    else
        message_error("cannot open the directory %s: %s", path, tlz_strerror(-error));
    return -error;
}

/* 0, or a negative errno when who makes the files may not. */
static int try_access(const char *path, const struct identity *identity)
{
    int r = identity_assume(identity);
    int resumed;

    if (r == 0 && faccessat(AT_FDCWD, path, R_OK | W_OK | X_OK, AT_EACCESS) < 0)
        r = -errno;
    resumed = identity_resume(identity);
    return r == 0 ? resumed : r;
}

int file_ring_check(const char *path, const struct identity *identity)
{
    int fd = open_directory(path);
    int r;

    if (fd < 0)
        return EXIT_FAILED;
    close(fd);
    r = try_access(path, identity);
    if (r == 0)
        return -1;
    if (r == -EACCES)
        message_error("%s may not make files in %s, and is who the recorder runs as: give it that "
                      "directory, or name another --user",
                      identity->name, path);
    else
        message_error("cannot make files in %s as %s: %s", path, identity->name, tlz_strerror(r));
    return EXIT_FAILED;
}

/* A host that was given another name begins another ring. */
static void look_at_host(struct file_ring *ring)
{
    struct utsname name;

    if (uname(&name) == 0)
        snprintf(ring->host, sizeof ring->host, "%.*s", HOST_NAME_MAX, name.nodename);
}

/* What cannot be looked at is not removed. */
static void look_at_files(struct file_ring *ring)
{
    if (ring_files_read(&ring->files, ring->dir_fd, ring->host) < 0)
        ring_files_free(&ring->files);
}

static bool remove_oldest(struct file_ring *ring, uint64_t *removed_bytes)
{
    uint64_t bytes;

    if (!ring_files_remove_oldest(&ring->files, ring->dir_fd, ring->host, &bytes))
        return false;
    *removed_bytes += bytes;
    return true;
}

/* Looks again, and removes the oldest until so many bytes are gone. True when any is. What that
 * gives back may show late: so no more is removed than should do. */
static bool remove_bytes(struct file_ring *ring, uint64_t bytes)
{
    uint64_t removed = 0;

    look_at_files(ring);
    while (removed < bytes && remove_oldest(ring, &removed))
        ;
    return removed > 0;
}

/* Bytes that are missing to leave --min-free when so many are written; 0 = none. */
static uint64_t missing_bytes(const struct file_ring *ring, uint64_t bytes)
{
    struct statvfs fs;
    uint64_t free_bytes;

    if (!ring->options.min_free || fstatvfs(ring->dir_fd, &fs) < 0)
        return 0;
    free_bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
    return free_bytes < ring->options.min_free + bytes ? ring->options.min_free + bytes - free_bytes
                                                       : 0;
}

/* Bytes that are too many for --keep-size: of all files, without that one, and `more`. */
static uint64_t bytes_past_keep(const struct file_ring *ring, ino_t but, uint64_t more)
{
    uint64_t bytes = ring_files_bytes(&ring->files, but) + more;

    return ring->options.keep_bytes && bytes > ring->options.keep_bytes
               ? bytes - ring->options.keep_bytes
               : 0;
}

static int admit(void *context, uint64_t at, size_t size)
{
    struct file_ring *ring = context;
    uint64_t bytes = bytes_past_keep(ring, ring->current, at + size);

    if (bytes)
        (void)remove_bytes(ring, bytes);
    bytes = missing_bytes(ring, size);
    if (bytes && remove_bytes(ring, bytes))
        bytes = missing_bytes(ring, size);
    return bytes ? DESTINATION_MIN_FREE : 0;
}

static bool make_room(void *context, size_t size)
{
    return remove_bytes(context, size);
}

int file_ring_open(struct file_ring *ret, const char *path, const struct ring_options *options)
{
    int fd = open_directory(path);
    struct ring_name host;
    int r;

    if (fd < 0)
        return fd;
    *ret = (struct file_ring){
        .path = path,
        .dir_fd = fd,
        .options = *options,
        .space = {.admit = admit, .make_room = make_room, .context = ret},
    };
    look_at_host(ret);
    host = ring_name_host(ret->host);
    r = hidden_file_choose(&ret->hidden, host.s);
    if (r == 0)
        hidden_file_sweep(fd, host.s);
    if (r < 0) {
        message_error("cannot get random numbers: %s", tlz_strerror(r));
        file_ring_close(ret);
    }
    return r;
}

/* Gives the hidden file the next name in the ring, which no file has. 0 or a negative errno. */
static int use_next_name(const struct file_ring *ring, uint64_t unix_us, struct ring_name *ret)
{
    const struct ring_files *files = &ring->files;
    uint64_t newest_ms = files->count ? files->file[files->count - 1].ms : 0;
    uint64_t ms = ring_name_next(unix_us / US_PER_MS, newest_ms);

    for (int i = 0; i < TRIES; i++) {
        int r = ring_name_format(ring_name_host(ring->host).s, ms + (uint64_t)i, ret);

        if (r == 0)
            r = hidden_file_name(ring->dir_fd, &ring->hidden, ret->s);
        if (r != -EEXIST)
            return r;
    }
    return -EEXIST;
}

/* Said before a file is made that would have to be removed again. */
static bool is_disk_full(const struct file_ring *ring)
{
    struct statvfs fs;

    return fstatvfs(ring->dir_fd, &fs) == 0 && fs.f_blocks > 0 &&
           (uint64_t)fs.f_bfree * fs.f_frsize < BEGINNING_BYTES;
}

/* As hidden_file_make(), with room made for it where there is none, and locked. */
static int create_locked(struct file_ring *ring)
{
    int fd = admit(ring, 0, BEGINNING_BYTES);
    int r;

    if (fd == 0)
        fd = is_disk_full(ring) ? -ENOSPC : hidden_file_make(ring->dir_fd, &ring->hidden);
    if ((fd == -ENOSPC || fd == -EDQUOT) && remove_bytes(ring, BEGINNING_BYTES))
        fd = hidden_file_make(ring->dir_fd, &ring->hidden);
    if (fd < 0)
        return fd;
    r = own_file_lock(fd);
    if (r == 1)
        return fd;
    hidden_file_remove(ring->dir_fd, &ring->hidden);
    close(fd);
    return r < 0 ? r : -EBUSY;
}

static bool ends_in_slash(const char *path)
{
    size_t size = strlen(path);

    return size > 0 && path[size - 1] == '/';
}

/* The path of a file in it; NULL when memory is out. */
static char *path_of(const struct file_ring *ring, const char *name)
{
    char *path;
    int n = asprintf(&path, "%s%s%s", ring->path, ends_in_slash(ring->path) ? "" : "/", name);

    return n < 0 ? NULL : path;
}

int file_ring_create(struct file_ring *ring, struct destination *ret, char **ret_path)
{
    struct stat st;
    int fd;

    ring->current = 0; /* the present one is an old one from here on */
    look_at_host(ring);
    look_at_files(ring);
    fd = create_locked(ring);
    if (fd < 0)
        return fd;
    *ret_path = path_of(ring, ring->hidden.s);
    if (!*ret_path) {
        hidden_file_remove(ring->dir_fd, &ring->hidden);
        close(fd);
        return -ENOMEM;
    }
    ring->current = fstat(fd, &st) == 0 ? st.st_ino : 0;
    *ret = (struct destination){.path = *ret_path, .fd = fd, .space = &ring->space};
    return 0;
}

int file_ring_name(struct file_ring *ring, uint64_t unix_us, struct destination *file, char **path)
{
    struct ring_name name;
    int r = use_next_name(ring, unix_us, &name);
    char *named;

    if ((r == -ENOSPC || r == -EDQUOT) && remove_bytes(ring, BEGINNING_BYTES))
        r = use_next_name(ring, unix_us, &name);
    named = r == 0 ? path_of(ring, name.s) : NULL;
    if (r == 0 && !named) {
        unlinkat(ring->dir_fd, name.s, 0);
        r = -ENOMEM;
    }
    if (r < 0)
        return r;
    free(*path);
    *path = named;
    file->path = named;
    return 0;
}

/* Without any, a full disk takes no older file away. */
static bool has_limits(const struct file_ring *ring)
{
    const struct ring_options *o = &ring->options;

    return o->keep_files || o->keep_bytes || o->min_free;
}

int file_ring_create_hidden(struct file_ring *ring, struct destination *ret)
{
    int fd;

    look_at_host(ring);
    look_at_files(ring);
    ring->current = 0;
    fd = hidden_file_make(ring->dir_fd, &ring->hidden);
    if (fd < 0)
        return fd;
    *ret = (struct destination){
        .path = ring->path, .fd = fd, .space = has_limits(ring) ? &ring->space : NULL};
    return 0;
}

int file_ring_publish(struct file_ring *ring, uint64_t unix_us, struct destination *file,
                      char **ret_path)
{
    int lock_fd = dup(file->fd); /* which is held until it has its name */
    int r = destination_close(file);

    *ret_path = NULL;
    if (r == 0)
        r = file_ring_name(ring, unix_us, file, ret_path);
    if (r < 0)
        hidden_file_remove(ring->dir_fd, &ring->hidden);
    close_fd(&lock_fd);
    return r;
}

void file_ring_discard(struct file_ring *ring, struct destination *file)
{
    destination_close(file);
    hidden_file_remove(ring->dir_fd, &ring->hidden);
}

void file_ring_trim(struct file_ring *ring)
{
    uint64_t removed = 0;
    uint64_t past;

    look_at_files(ring);
    while (ring->options.keep_files && ring->files.count > ring->options.keep_files &&
           remove_oldest(ring, &removed))
        ;
    past = bytes_past_keep(ring, 0, 0);
    for (removed = 0; removed < past && remove_oldest(ring, &removed);)
        ;
}

void file_ring_finish(struct file_ring *ring)
{
    ring->options.min_free = 0;
}

void file_ring_close(struct file_ring *ring)
{
    if (!ring->path)
        return;
    close(ring->dir_fd);
    ring_files_free(&ring->files);
    ring->path = NULL;
}
