/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/input/followed_place.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "report/capture/recording.h"
#include "util/cleanup.h"
#include "util/message.h"
#include "util/missing.h"

#define SUFFIX ".tlz"

struct seen_file {
    char *name;
    uint64_t inode;
    int64_t born_s; /* zeros where the file system or the C library does not tell */
    uint32_t born_ns;
    bool is_there; /* at the last look */
};

/* The part of a ring's name that is its host's, "-" included: "web1-20261126T160000.000Z.tlz"; 0
 * when it is no such name. docs/tcplife-record.1 tells of them. */
static size_t host_size(const char *name)
{
    static const char form[] = "-dddddddd"
                               "Tdddddd"
                               ".dddZ" SUFFIX;
    size_t size = strlen(name), host;

    if (size < sizeof form)
        return 0;
    host = size - (sizeof form - 1);
    for (size_t i = 0; i < sizeof form - 1; i++)
        if (form[i] == 'd' ? !isdigit((unsigned char)name[host + i]) : name[host + i] != form[i])
            return 0;
    return host + 1;
}

static bool is_capture(const char *name)
{
    size_t size = strlen(name);

    return name[0] != '.' && size > sizeof SUFFIX - 1 &&
           !strcmp(name + size - (sizeof SUFFIX - 1), SUFFIX);
}

static bool is_followed(const struct followed_place *place, const char *name)
{
    if (!place->name)
        return is_capture(name);
    if (!place->host)
        return !strcmp(name, place->name);
    return host_size(name) == place->host && !strncmp(name, place->name, place->host) &&
           strcmp(name, place->name) >= 0;
}

/* File systems that other machines write to. The numbers are the kernel's (linux/magic.h). */
static bool is_remote(int fd)
{
    static const uint32_t remote[] = {
        0x6969 /* NFS */,      0xff534d42 /* CIFS */, 0xfe534d42 /* SMB2 */, 0x00c36400 /* Ceph */,
        0x65735546 /* FUSE */, 0x01021997 /* 9P */,   0x5346414f /* AFS */,
    };
    struct statfs status;

    if (fstatfs(fd, &status) < 0)
        return true;
    for (size_t i = 0; i < sizeof remote / sizeof *remote; i++)
        if ((uint32_t)status.f_type == remote[i])
            return true;
    return false;
}

/* Takes the operand apart. 0 or -ENOMEM. */
static int split(struct followed_place *place, const char *operand)
{
    struct stat status;
    const char *slash = strrchr(operand, '/');
    bool is_directory = stat(operand, &status) == 0 && S_ISDIR(status.st_mode);
    size_t size = slash ? (size_t)(slash + 1 - operand) : 0;

    if (is_directory) {
        bool has_slash = slash && !slash[1];

        place->directory = strdup(operand);
        if (asprintf(&place->prefix, "%s%s", operand, has_slash ? "" : "/") < 0)
            place->prefix = NULL;
        return place->prefix && place->directory ? 0 : -ENOMEM;
    }
    place->prefix = strndup(operand, size);
    place->directory = size ? strndup(operand, size) : strdup(".");
    place->name = strdup(operand + size);
    place->host = place->name ? host_size(place->name) : 0;
    return place->prefix && place->directory && place->name ? 0 : -ENOMEM;
}

/* A link to a file is that file, where it stands: changes are told of there. NULL = it is none. */
static char *resolve(const char *operand)
{
    struct stat status;

    return lstat(operand, &status) == 0 && S_ISLNK(status.st_mode) ? realpath(operand, NULL) : NULL;
}

int followed_place_open(struct followed_place *ret, const char *operand)
{
    _cleanup_(free_pointer) char *resolved = resolve(operand);
    struct followed_place place = {.watch = -1};
    int r = split(&place, resolved ? resolved : operand);

    if (r == 0)
        place.stream = opendir(place.directory);
    if (r < 0 || !place.stream) {
        r = r < 0 ? r : -errno;
        message_error("%s: %s", operand, strerror(-r));
        followed_place_close(&place);
        return r;
    }
    place.is_remote = is_remote(dirfd(place.stream));
    *ret = place;
    return 0;
}

void followed_place_close(struct followed_place *place)
{
    for (size_t i = 0; i < place->seen_count; i++)
        free(place->seen[i].name);
    free(place->seen);
    if (place->stream)
        closedir(place->stream);
    free(place->directory);
    free(place->prefix);
    free(place->name);
    *place = (struct followed_place){.watch = -1};
}

/* Looks at a file, whose name may be empty for the one that is open. 0 or a negative errno;
 * -ENOTSUP for what is no file. */
static int identify(int fd, const char *name, struct seen_file *ret)
{
#if HAVE_STATX
    struct statx status;

    if (statx(fd, name, *name ? 0 : AT_EMPTY_PATH, STATX_TYPE | STATX_INO | STATX_BTIME, &status) <
        0)
        return -errno;
    if (!S_ISREG(status.stx_mode))
        return -ENOTSUP;
    ret->inode = status.stx_ino;
    ret->born_s = status.stx_btime.tv_sec;
    ret->born_ns = status.stx_btime.tv_nsec;
#else
    struct stat status;

    if (*name ? fstatat(fd, name, &status, 0) < 0 : fstat(fd, &status) < 0)
        return -errno;
    if (!S_ISREG(status.st_mode))
        return -ENOTSUP;
    ret->inode = status.st_ino;
    ret->born_s = 0;
    ret->born_ns = 0;
#endif
    return 0;
}

static bool is_same(const struct seen_file *a, const struct seen_file *b)
{
    return a->inode == b->inode && a->born_s == b->born_s && a->born_ns == b->born_ns;
}

/* From behind the last that was found, since they come in the same order each time. */
static struct seen_file *find_seen(struct followed_place *place, const char *name)
{
    for (size_t i = 0; i < place->seen_count; i++) {
        size_t at = (place->seen_found + 1 + i) % place->seen_count;

        if (!strcmp(place->seen[at].name, name)) {
            place->seen_found = at;
            return &place->seen[at];
        }
    }
    return NULL;
}

/* Remembers it. 0 or -ENOMEM. */
static int remember(struct followed_place *place, const char *name, const struct seen_file *file)
{
    struct seen_file *seen = find_seen(place, name);

    if (!seen) {
        if (recording_grow(&place->seen, place->seen_count, sizeof *place->seen) < 0)
            return -ENOMEM;
        seen = &place->seen[place->seen_count];
        *seen = (struct seen_file){.name = strdup(name)};
        if (!seen->name)
            return -ENOMEM;
        place->seen_count++;
    }
    seen->inode = file->inode;
    seen->born_s = file->born_s;
    seen->born_ns = file->born_ns;
    seen->is_there = true;
    return 0;
}

/* Adds an input for the open file. 0 or -ENOMEM. */
static int add_input(const struct followed_place *place, const char *name, int fd,
                     struct inputs *ret)
{
    struct input input = {.fd = fd, .grows = true};

    if (fstat(fd, &input.status) < 0 ||
        recording_grow(&ret->input, ret->count, sizeof *ret->input) < 0 ||
        asprintf(&input.name, "%s%s", place->prefix, name) < 0)
        return -ENOMEM;
    ret->input[ret->count++] = input;
    return 0;
}

/* What cannot be opened is passed over from then on; but where it was us who have too many open, it
 * comes later. */
static int say_not_opened(struct followed_place *place, const char *name, int error,
                          struct inputs *ret)
{
    bool is_short = error == EMFILE || error == ENFILE;

    if (error == ENOENT || (is_short && place->short_of_files))
        return 0;
    place->short_of_files |= is_short;
    ret->failed |= !is_short;
    message_error("%s%s: %s%s", place->prefix, name, strerror(error),
                  is_short ? "; it is read when others are done with" : "");
    return !is_short;
}

/* A file that may be new. 0 or -ENOMEM. */
static int look(struct followed_place *place, const char *name, struct inputs *ret)
{
    int directory = dirfd(place->stream), fd, r;
    struct seen_file found, *seen = find_seen(place, name);

    if (identify(directory, name, &found) < 0)
        return 0;
    if (seen && is_same(seen, &found)) {
        seen->is_there = true;
        return 0;
    }
    fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return say_not_opened(place, name, errno, ret) ? remember(place, name, &found) : 0;
    r = identify(fd, "", &found);
    if (r == 0)
        r = remember(place, name, &found);
    if (r == 0)
        r = add_input(place, name, fd, ret);
    if (r < 0)
        close(fd);
    return r == -ENOMEM ? r : 0;
}

static void drop_gone(struct followed_place *place)
{
    size_t kept = 0;

    for (size_t i = 0; i < place->seen_count; i++) {
        if (place->seen[i].is_there)
            place->seen[kept++] = place->seen[i];
        else
            free(place->seen[i].name);
    }
    place->seen_count = kept;
}

static int compare_names(const void *a, const void *b)
{
    const struct input *x = a, *y = b;

    return strcmp(x->name, y->name);
}

/* inotify tells nothing of it while the directory is open. */
static void note_gone(struct followed_place *place)
{
    struct stat status;

    if (place->gone || fstat(dirfd(place->stream), &status) < 0 || status.st_nlink > 0)
        return;
    place->gone = true;
    message_warning("%s: the directory is gone", place->directory);
}

int followed_place_scan(struct followed_place *place, struct inputs *ret)
{
    size_t before = ret->count;
    struct dirent *entry;
    int r = 0;

    note_gone(place);
    for (size_t i = 0; i < place->seen_count; i++)
        place->seen[i].is_there = false;
    if (place->name && !place->host) {
        r = look(place, place->name, ret);
    } else {
        rewinddir(place->stream);
        while (r == 0 && (entry = readdir(place->stream)))
            if (is_followed(place, entry->d_name))
                r = look(place, entry->d_name, ret);
    }
    drop_gone(place);
    if (ret->count > before)
        qsort(ret->input + before, ret->count - before, sizeof *ret->input, compare_names);
    return r;
}

void followed_place_forget(struct followed_place *place, const char *path)
{
    struct seen_file *seen = find_seen(place, path + strlen(place->prefix));

    if (seen)
        seen->inode = 0;
}
