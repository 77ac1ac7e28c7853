/* SPDX-License-Identifier: BSD-2-Clause */
/* Files that are hidden until they have a name: in a directory where others do the same. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/hidden_file.h"

#define HOST "web1"
#define LEFT ".tcplife-web1-0123456789abcdef.new"

struct place {
    char path[64];
    int fd;
    struct hidden_name hidden;
};

/* What the file system does instead of renaming. */
static int rename_error;
/* A sweep comes between the next so many files and their locks. */
static int sweeps;
static int swept_fd;

int __real_renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned flags);
int __wrap_renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned flags);
int __real_flock(int fd, int operation);
int __wrap_flock(int fd, int operation);

int __wrap_renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned flags)
{
    if (!rename_error)
        return __real_renameat2(from_fd, from, to_fd, to, flags);
    errno = rename_error;
    return -1;
}

int __wrap_flock(int fd, int operation)
{
    if (sweeps > 0) {
        int left = sweeps - 1;

        sweeps = 0; /* its own locks are real ones */
        hidden_file_sweep(swept_fd, HOST);
        sweeps = left;
    }
    return __real_flock(fd, operation);
}

static int set_up(void **state)
{
    struct place *p = calloc(1, sizeof *p);

    assert_non_null(p);
    strcpy(p->path, "/tmp/tcplife-hidden-XXXXXX");
    assert_non_null(mkdtemp(p->path));
    p->fd = open(p->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(p->fd >= 0);
    assert_int_equal(hidden_file_choose(&p->hidden, HOST), 0);
    rename_error = sweeps = 0;
    *state = p;
    return 0;
}

static void remove_all(int dir_fd)
{
    DIR *directory = fdopendir(openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const struct dirent *entry;

    assert_non_null(directory);
    while ((entry = readdir(directory)))
        if (entry->d_name[0] != '.' || strlen(entry->d_name) > 2)
            unlinkat(dir_fd, entry->d_name, 0);
    closedir(directory);
}

static int tear_down(void **state)
{
    struct place *p = *state;

    remove_all(p->fd);
    close(p->fd);
    assert_int_equal(rmdir(p->path), 0);
    free(p);
    return 0;
}

static bool exists(const struct place *p, const char *name)
{
    return faccessat(p->fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static void make(const struct place *p, const char *name, const char *text)
{
    int fd = openat(p->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

static void assert_text(const struct place *p, const char *name, const char *wanted)
{
    int fd = openat(p->fd, name, O_RDONLY | O_CLOEXEC);
    char text[16] = "";

    assert_true(fd >= 0);
    assert_true(read(fd, text, sizeof text - 1) >= 0);
    close(fd);
    assert_string_equal(text, wanted);
}

/* Makes it with a text in it. */
static int make_hidden(const struct place *p, const char *text)
{
    int fd = hidden_file_make(p->fd, &p->hidden);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    return fd;
}

static void test_names_are_chosen(void **state)
{
    const struct place *p = *state;
    struct hidden_name other;

    assert_int_equal(hidden_file_choose(&other, HOST), 0);
    assert_string_not_equal(other.s, p->hidden.s);
    assert_int_equal(strlen(other.s), strlen(LEFT));
    assert_memory_equal(other.s, LEFT, strlen(".tcplife-" HOST "-"));
}

static void test_made_anew(void **state)
{
    const struct place *p = *state;
    struct stat st;
    int fd;

    close(make_hidden(p, "old"));
    fd = make_hidden(p, "");
    assert_int_equal(fstat(fd, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(st.st_size, 0);
    assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
    close(fd);
    hidden_file_remove(p->fd, &p->hidden);
    assert_false(exists(p, p->hidden.s));
    hidden_file_remove(p->fd, &p->hidden);
}

/* In one step, or where that is not possible in two: what has the name keeps it. */
static void test_named(void **state)
{
    const struct place *p = *state;
    static const int errors[] = {0, EINVAL, ENOSYS, EOPNOTSUPP};

    make(p, "taken", "theirs");
    assert_int_equal(symlinkat("nowhere", p->fd, "link"), 0);
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        int fd = make_hidden(p, "ours");

        rename_error = errors[i];
        assert_int_equal(hidden_file_name(p->fd, &p->hidden, "taken"), -EEXIST);
        assert_int_equal(hidden_file_name(p->fd, &p->hidden, "link"), -EEXIST);
        assert_text(p, "taken", "theirs");
        assert_true(exists(p, p->hidden.s));
        assert_int_equal(hidden_file_name(p->fd, &p->hidden, "new"), 0);
        assert_false(exists(p, p->hidden.s));
        assert_text(p, "new", "ours");
        assert_int_equal(unlinkat(p->fd, "new", 0), 0);
        close(fd);
    }
}

/* Nothing has the name then. */
static void test_cannot_be_named(void **state)
{
    const struct place *p = *state;

    assert_int_equal(hidden_file_name(p->fd, &p->hidden, "new"), -ENOENT);
    rename_error = EINVAL;
    assert_int_equal(hidden_file_name(p->fd, &p->hidden, "new"), -ENOENT);
    rename_error = EROFS;
    assert_int_equal(hidden_file_name(p->fd, &p->hidden, "new"), -EROFS);
    assert_false(exists(p, "new"));
}

static void test_sweep(void **state)
{
    const struct place *p = *state;
    static const char *const others[] = {
        "web1-20260501T120000.000Z.tlz",        ".tcplife-web1-0123456789abcde.new",
        ".tcplife-web1-0123456789abcdef0.new",  ".tcplife-web1-0123456789abcdef.tlz",
        ".tcplife-web1-0123456789ABCDEF.new",   ".tcplife-web12-0123456789abcdef.new",
        ".tcplife-web1-a-0123456789abcdef.new", ".tcplife-0123456789abcdef.new",
        "tcplife-web1-0123456789abcdef.new",    ".tlz-abcdef",
    };
    const size_t count = sizeof others / sizeof *others;
    int fd = make_hidden(p, "in use");

    for (size_t i = 0; i < count; i++)
        make(p, others[i], "");
    make(p, LEFT, "left behind");
    make(p, "twice", "");
    assert_int_equal(linkat(p->fd, "twice", p->fd, ".tcplife-web1-00000000000000aa.new", 0), 0);
    assert_int_equal(symlinkat(LEFT, p->fd, ".tcplife-web1-00000000000000bb.new"), 0);
    hidden_file_sweep(p->fd, HOST);
    assert_false(exists(p, LEFT));
    assert_true(exists(p, p->hidden.s));
    assert_true(exists(p, ".tcplife-web1-00000000000000aa.new"));
    assert_true(exists(p, ".tcplife-web1-00000000000000bb.new"));
    for (size_t i = 0; i < count; i++)
        assert_true(exists(p, others[i]));
    close(fd);
    hidden_file_sweep(p->fd, HOST);
    assert_false(exists(p, p->hidden.s));
}

/* Another recorder starts before the file has its lock. */
static void test_swept_while_made(void **state)
{
    struct place *p = *state;
    int fd;

    swept_fd = p->fd;
    sweeps = 3;
    fd = make_hidden(p, "ours");
    assert_int_equal(sweeps, 0);
    assert_text(p, p->hidden.s, "ours");
    close(fd);
    sweeps = 1000;
    assert_int_equal(hidden_file_make(p->fd, &p->hidden), -EBUSY);
    sweeps = 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_names_are_chosen, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_made_anew, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cannot_be_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sweep, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_swept_while_made, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
