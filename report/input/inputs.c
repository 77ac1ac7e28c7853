/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/input/inputs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "util/cleanup.h"
#include "util/message.h"
#include "util/missing.h"

#define FILES_BESIDES 16 /* descriptors that are open besides the inputs */

static void say(struct inputs *inputs, const char *name, int error)
{
    message_error("%s: %s", name, strerror(error));
    inputs->failed = true;
}

/* Adds an input of that name, which becomes the list's. */
static int add(struct inputs *inputs, char *name)
{
    struct input *grown = reallocarray(inputs->input, inputs->count + 1, sizeof *grown);

    if (!grown || !name) {
        free(name);
        inputs->input = grown ? grown : inputs->input;
        return -ENOMEM;
    }
    inputs->input = grown;
    grown[inputs->count++] = (struct input){.name = name, .fd = -1};
    return 0;
}

static bool has_suffix(const char *name, const char *suffix)
{
    size_t size = strlen(name), suffix_size = strlen(suffix);

    return size > suffix_size && !strcmp(name + size - suffix_size, suffix);
}

static char *join(const char *directory, const char *name)
{
    const char *slash = has_suffix(directory, "/") || !strcmp(directory, "/") ? "" : "/";
    char *path;

    return asprintf(&path, "%s%s%s", directory, slash, name) < 0 ? NULL : path;
}

/* By bytes: the same order whatever the locale. */
static int compare_entries(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* False for what a directory may hold besides files, which might wait for somebody when opened. */
static bool may_be_file(const char *path)
{
    struct stat status;

    if (!path || stat(path, &status) < 0 || S_ISREG(status.st_mode))
        return true; /* what is wrong with it is said when it is opened */
    message_warning("%s: it is no file, and passed over", path);
    return false;
}

static int add_entry(struct inputs *inputs, const char *directory, const char *name)
{
    char *path = join(directory, name);

    if (may_be_file(path))
        return add(inputs, path);
    free(path);
    return 0;
}

static int add_directory(struct inputs *inputs, const char *directory, const char *suffix)
{
    size_t before = inputs->count;
    struct dirent **entries;
    int n = scandir(directory, &entries, NULL, compare_entries);
    int r = 0;

    if (n < 0) {
        say(inputs, directory, errno);
        return 0;
    }
    for (int i = 0; i < n; i++) {
        if (r == 0 && entries[i]->d_name[0] != '.' && has_suffix(entries[i]->d_name, suffix))
            r = add_entry(inputs, directory, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    if (r == 0 && inputs->count == before) {
        message_error("%s: no *%s in this directory", directory, suffix);
        inputs->failed = true;
    }
    return r;
}

static int expand(struct inputs *inputs, const char *operand, const char *suffix)
{
    struct stat status;

    if (strcmp(operand, "-") != 0 && stat(operand, &status) == 0 && S_ISDIR(status.st_mode))
        return add_directory(inputs, operand, suffix);
    return add(inputs, strdup(operand));
}

static void say_terminal(struct inputs *inputs, const char *name)
{
    message_error("%s: a terminal, and nobody types a capture", name);
    inputs->failed = true;
}

static bool is_standard(const struct input *input)
{
    return !strcmp(input->name, "-");
}

/* What is wrong with it is said when it is opened. */
static void look_at(struct input *input)
{
    struct stat status;

    if ((is_standard(input) ? fstat(STDIN_FILENO, &status) : stat(input->name, &status)) == 0)
        input->status = status;
}

static void open_input(struct inputs *inputs, struct input *input)
{
    bool standard = is_standard(input);

    /* A copy, so that closing an input is the same for all. */
    input->fd = standard ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                         : open(input->name, O_RDONLY | O_CLOEXEC);
    if (input->fd < 0 || fstat(input->fd, &input->status) < 0)
        say(inputs, standard ? "standard input" : input->name, errno);
    else if (isatty(input->fd))
        say_terminal(inputs, input->name);
    else
        return;
    close_fd(&input->fd);
    input->fd = -1;
}

/* All inputs are open at a time; the usual limit of 1024 is for programs that use select(2). */
static void allow_files(size_t count)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || count + FILES_BESIDES <= limit.rlim_cur)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

int inputs_list(struct inputs *inputs, char *const *operands, size_t count, const char *suffix)
{
    size_t first = inputs->count;
    int r = 0;

    for (size_t i = 0; r == 0 && i < count; i++)
        r = expand(inputs, operands[i], suffix);
    allow_files(inputs->count);
    for (size_t i = first; r == 0 && i < inputs->count; i++)
        look_at(&inputs->input[i]);
    return r;
}

int inputs_list_before(struct inputs *inputs, const char *operand, const char *suffix)
{
    char *operands[] = {(char *)operand};

    inputs->first_before = inputs->count;
    return operand ? inputs_list(inputs, operands, 1, suffix) : 0;
}

void inputs_open(struct inputs *inputs)
{
    for (size_t i = 0; i < inputs->count; i++)
        open_input(inputs, &inputs->input[i]);
}

void inputs_close(struct inputs *inputs)
{
    for (size_t i = 0; i < inputs->count; i++) {
        close_fd(&inputs->input[i].fd);
        free(inputs->input[i].name);
    }
    free(inputs->input);
    *inputs = (struct inputs){0};
}

ssize_t input_read(struct input *input, void *data, size_t size)
{
    ssize_t n;

    do {
        n = read(input->fd, data, size);
    } while (n < 0 && errno == EINTR);
    if (n < 0)
        return -errno;
    if (n > 0 && input->bytes == 0)
        memcpy(&input->first_byte, data, 1);
    input->bytes += (uint64_t)n;
    return n;
}

ssize_t input_read_at(struct input *input, uint64_t offset, void *data, size_t size)
{
    ssize_t n;

    do {
        n = pread(input->fd, data, size, (off_t)offset);
    } while (n < 0 && errno == EINTR);
    if (n < 0)
        return -errno;
    if (n > 0 && offset == 0)
        memcpy(&input->first_byte, data, 1);
    if (offset + (uint64_t)n > input->bytes)
        input->bytes = offset + (uint64_t)n;
    return n;
}

bool input_is_file(const struct input *input)
{
    return S_ISREG(input->status.st_mode);
}

bool inputs_are_live(const struct inputs *inputs)
{
    for (size_t i = 0; i < inputs->count; i++)
        if (!input_is_file(&inputs->input[i]))
            return true;
    return false;
}

const struct input *inputs_find(const struct inputs *inputs, const struct stat *status)
{
    for (size_t i = 0; i < inputs->count; i++) {
        const struct stat *s = &inputs->input[i].status;

        if (s->st_dev == status->st_dev && s->st_ino == status->st_ino)
            return &inputs->input[i];
    }
    return NULL;
}

int inputs_refuse_output(const struct inputs *inputs, const char *written)
{
    const struct input *input;
    struct stat status;

    if ((written && strcmp(written, "-") != 0) || fstat(STDOUT_FILENO, &status) < 0 ||
        !S_ISREG(status.st_mode))
        return EXIT_OK;
    input = inputs_find(inputs, &status);
    if (!input)
        return EXIT_OK;
    message_error("%s: standard output goes to the same file; write to another one", input->name);
    return EXIT_FAILED;
}
