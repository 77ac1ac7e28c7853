/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loaded into the reporter by LD_PRELOAD: does what a report has no use for, before main() and
 * after it, and writes to the descriptor ATTEMPTS_FD what came of it, as lines "before NAME ERRNO"
 * and "after NAME ERRNO". The folder ATTEMPTS_DIR is prepared by the test.
 *
 * It also plays other kernels: ATTEMPTS_LANDLOCK is a version of Landlock, or minus an errno;
 * ATTEMPTS_SECCOMP is minus the errno that seccomp fails with. With ATTEMPTS_ABORT it ends by
 * abort().
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int out = -1;      /* ATTEMPTS_FD */
static int own_status;    /* /proc/self/status */
static const char *phase; /* "before" or "after" */
static bool trying;

static long number(const char *name)
{
    const char *text = getenv(name);

    return text ? atol(text) : 0;
}

static char *in_folder(const char *name)
{
    static char path[2][4096];
    static int last;

    last = !last;
    snprintf(path[last], sizeof path[last], "%s/%s", getenv("ATTEMPTS_DIR"), name);
    return path[last];
}

/* 0 and the descriptor closed, or the errno. */
static int closed(int fd)
{
    int error = errno;

    if (fd < 0)
        return error;
    close(fd);
    return 0;
}

static int done(int result)
{
    return result < 0 ? errno : 0;
}

static int read_file(void)
{
    return closed(open(in_folder("file"), O_RDONLY));
}

static int read_folder(void)
{
    return closed(open(in_folder("."), O_RDONLY | O_DIRECTORY));
}

static int write_file(void)
{
    return closed(open(in_folder("file"), O_WRONLY));
}

static int write_input(void)
{
    return closed(open(getenv("ATTEMPTS_INPUT"), O_RDWR));
}

static int make_file(void)
{
    return closed(open(in_folder(phase), O_WRONLY | O_CREAT | O_EXCL, 0600));
}

static int truncate_file(void)
{
    return done(truncate(in_folder("file"), 4));
}

static int make_folder(void)
{
    int r = done(mkdir(in_folder("made"), 0700));

    return r ? r : done(rmdir(in_folder("made")));
}

static int make_link(void)
{
    int r = done(symlink("file", in_folder("link")));

    return r ? r : done(unlink(in_folder("link")));
}

static int rename_file(void)
{
    int r = done(rename(in_folder("file"), in_folder("other")));

    return r ? r : done(rename(in_folder("other"), in_folder("file")));
}

/* One is there for each phase. */
static int remove_file(void)
{
    char name[32];

    snprintf(name, sizeof name, "remove-%s", phase);
    return done(unlink(in_folder(name)));
}

static int change_mode(void)
{
    return done(chmod(in_folder("file"), 0600));
}

/* A program of no known format: it cannot be run, but the kernel says so only when it might be. */
static int run_program(void)
{
    char *nothing[] = {NULL};

    execve(in_folder("program"), nothing, nothing);
    return errno == ENOEXEC ? 0 : errno;
}

static int make_process(void)
{
    pid_t child = fork();

    if (child == 0)
        _exit(0);
    return child < 0 ? errno : done(waitpid(child, NULL, 0));
}

static int signal_parent(void)
{
    return done(kill(getppid(), 0));
}

static int read_memory(void)
{
    char from = 'x', to;
    struct iovec local = {&to, 1}, remote = {&from, 1};

    return done((int)process_vm_readv(getpid(), &local, 1, &remote, 1, 0));
}

static int make_memory_file(void)
{
    return closed(memfd_create("x", 0));
}

static int unshare_folder(void)
{
    return done(unshare(CLONE_FS));
}

static int other_ioctl(void)
{
    return done(ioctl(own_status, FIOCLEX));
}

/* 0, or the errno of what went wrong, with a socket that is connected or bound to `address`. */
static int use_socket(int (*use)(int, const struct sockaddr *, socklen_t), const void *address,
                      socklen_t size)
{
    const struct sockaddr *generic = address;
    int fd = socket(generic->sa_family, SOCK_STREAM, 0);
    int r;

    if (fd < 0)
        return errno;
    r = done(use(fd, generic, size));
    close(fd);
    return r;
}

static struct sockaddr_in loopback(long port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                .sin_port = htons((uint16_t)port)};
}

static int make_socket(void)
{
    return closed(socket(AF_INET, SOCK_DGRAM, 0));
}

static int connect_tcp(void)
{
    struct sockaddr_in address = loopback(number("ATTEMPTS_PORT"));

    return use_socket(connect, &address, sizeof address);
}

static int bind_tcp(void)
{
    struct sockaddr_in address = loopback(0);

    return use_socket(bind, &address, sizeof address);
}

static int connect_abstract(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *name = getenv("ATTEMPTS_SOCKET");

    strncpy(address.sun_path + 1, name, sizeof address.sun_path - 2);
    return use_socket(connect, &address,
                      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name)));
}

static const struct attempt {
    const char *name;
    int (*function)(void);
} attempts[] = {
    {"read_file", read_file},
    {"read_folder", read_folder},
    {"write_file", write_file},
    {"write_input", write_input},
    {"make_file", make_file},
    {"truncate_file", truncate_file},
    {"make_folder", make_folder},
    {"make_link", make_link},
    {"rename_file", rename_file},
    {"remove_file", remove_file},
    {"change_mode", change_mode},
    {"run_program", run_program},
    {"make_process", make_process},
    {"signal_parent", signal_parent},
    {"read_memory", read_memory},
    {"make_memory_file", make_memory_file},
    {"unshare_folder", unshare_folder},
    {"other_ioctl", other_ioctl},
    {"make_socket", make_socket},
    {"connect_tcp", connect_tcp},
    {"bind_tcp", bind_tcp},
    {"connect_abstract", connect_abstract},
};

/* What /proc/self/status says: it was opened before, since it cannot be after. */
static void tell_status(const char *key)
{
    char text[8192] = "";
    char *line = text;

    if (pread(own_status, text, sizeof text - 1, 0) > 0)
        line = strstr(text, key);
    dprintf(out, "%s %s %d\n", phase, key, line ? atoi(line + strlen(key) + 1) : -1);
}

static void try_all(const char *name)
{
    phase = name;
    trying = true;
    tell_status("NoNewPrivs");
    tell_status("Seccomp");
    for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++)
        dprintf(out, "%s %s %d\n", phase, attempts[i].name, attempts[i].function());
    trying = false;
}

__attribute__((constructor)) static void begin(void)
{
    if (!getenv("ATTEMPTS_FD"))
        return;
    out = (int)number("ATTEMPTS_FD");
    own_status = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    try_all("before");
}

__attribute__((destructor)) static void end(void)
{
    if (out >= 0)
        try_all("after");
    if (getenv("ATTEMPTS_ABORT"))
        abort();
}

/* Fails with that errno, to be given as it is or negative. */
static long fail(long error)
{
    errno = (int)labs(error);
    return -1;
}

/* As a kernel of that version: it knows so many bits of each of the three words. */
static bool knows(long version, const uint64_t *words)
{
    static const int bits[][3] = {{13, 0, 0}, {14, 0, 0}, {15, 0, 0},
                                  {15, 2, 0}, {16, 2, 0}, {16, 2, 2}};
    const int *known = bits[version < 6 ? version - 1 : 5];

    return words[0] >> known[0] == 0 && words[1] >> known[1] == 0 && words[2] >> known[2] == 0;
}

/* True, and *ret, when another kernel would answer in another way than this one. */
static bool plays(long call, const long *a, long *ret)
{
    long landlock = number("ATTEMPTS_LANDLOCK"), seccomp = number("ATTEMPTS_SECCOMP");

    if (call == SYS_landlock_create_ruleset && landlock < 0)
        *ret = fail(landlock);
    else if (call == SYS_landlock_create_ruleset && landlock && a[2])
        *ret = landlock;
    else if (call == SYS_landlock_create_ruleset && landlock && !knows(landlock, (void *)a[0]))
        *ret = fail(EINVAL);
    else if (call == SYS_seccomp && a[0] == SECCOMP_SET_MODE_FILTER && a[2] && seccomp)
        *ret = fail(seccomp);
    else
        return false;
    return true;
}

long syscall(long call, ...)
{
    long (*next)(long, ...) = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
    long a[6], ret;
    va_list list;

    va_start(list, call);
    for (int i = 0; i < 6; i++)
        a[i] = va_arg(list, long);
    va_end(list);
    return plays(call, a, &ret) ? ret : next(call, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* Tells of what the program or its libraries were denied, which they should have opened before. */
static int open_and_tell(const char *path, int flags, va_list list)
{
    int fd = openat(AT_FDCWD, path, flags, flags & O_CREAT ? va_arg(list, unsigned int) : 0);

    if (fd < 0 && out >= 0 && !trying && (errno == EACCES || errno == ENOSYS))
        dprintf(out, "denied %s %d\n", path, errno);
    return fd;
}

/* By the names of both symbols: a header makes one of the other. */
#define OPEN(function, symbol)                                                                     \
    int function(const char *path, int flags, ...) __asm__(symbol);                                \
    int function(const char *path, int flags, ...)                                                 \
    {                                                                                              \
        va_list list;                                                                              \
        int fd;                                                                                    \
                                                                                                   \
        va_start(list, flags);                                                                     \
        fd = open_and_tell(path, flags, list);                                                     \
        va_end(list);                                                                              \
        return fd;                                                                                 \
    }

OPEN(open_plain, "open")
OPEN(open_large, "open64")
