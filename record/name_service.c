/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/name_service.h"

#include <errno.h>
#include <pwd.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "record/child_process.h"
#include "util/cleanup.h"

#define NAME_MAX_BYTES 256

/* So long a search may take, in seconds; meanwhile nothing is taken from the kernel. After one that
 * took longer there is none for REST seconds. */
#define SEARCH_MAX 1
#define REST       60

/* The name and its size; 0 = it has none. */
static size_t find(uint32_t uid, char name[NAME_MAX_BYTES])
{
    char buffer[4096];
    struct passwd entry;
    struct passwd *found = NULL;
    size_t size;

    if (getpwuid_r((uid_t)uid, &entry, buffer, sizeof buffer, &found) != 0 || !found)
        return 0;
    size = strlen(found->pw_name);
    if (size >= NAME_MAX_BYTES)
        return 0;
    memcpy(name, found->pw_name, size);
    return size;
}

static void answer(const char *name, size_t size)
{
    send(STDIN_FILENO, size ? name : "", size ? size : 1, MSG_NOSIGNAL);
}

/* In a process of its own, which the alarm ends, whatever was set by who started the recorder. */
static void search(uint32_t uid) __attribute__((noreturn));

static void search(uint32_t uid)
{
    char name[NAME_MAX_BYTES];
    sigset_t set;
    size_t size;

    sigemptyset(&set);
    sigaddset(&set, SIGALRM);
    signal(SIGALRM, SIG_DFL);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    alarm(SEARCH_MAX);
    size = find(uid, name);
    alarm(0);
    answer(name, size);
    _exit(0);
}

/* False when there was no answer. */
static bool has_searched(uint32_t uid)
{
    pid_t pid = fork();
    int status;

    if (pid == 0)
        search(uid);
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status);
}

static time_t now(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return ts.tv_sec;
}

/* In the new process. */
static void serve(int fd, const struct identity *identity) __attribute__((noreturn));

static void serve(int fd, const struct identity *identity)
{
    time_t rests_until = 0;
    uint32_t uid;

    if (child_process_keep(fd, -1) < 0 || identity_drop(identity) < 0)
        _exit(1);
    signal(SIGCHLD, SIG_DFL);
    while (recv(STDIN_FILENO, &uid, sizeof uid, 0) == sizeof uid) {
        if (now() < rests_until) {
            answer("", 0);
        } else if (!has_searched(uid)) {
            answer("", 0);
            rests_until = now() + REST;
        }
    }
    _exit(0);
}

int name_service_open(struct name_service *ret, const struct identity *identity)
{
    int fds[2];
    pid_t pid;
    int error;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0)
        return -errno;
    pid = fork();
    error = -errno;
    if (pid == 0)
        serve(fds[1], identity);
    close(fds[1]);
    if (pid < 0) {
        close(fds[0]);
        return error;
    }
    *ret = (struct name_service){.fd = fds[0], .pid = pid};
    return 0;
}

bool name_service_find(const struct name_service *service, uint32_t uid, char *ret, size_t size)
{
    ssize_t n;

    if (send(service->fd, &uid, sizeof uid, MSG_NOSIGNAL) < 0)
        return false;
    n = recv(service->fd, ret, size - 1, 0);
    if (n <= 0)
        return false;
    ret[n] = '\0';
    return ret[0] != '\0';
}

void name_service_close(struct name_service *service)
{
    close_fd(&service->fd);
    if (service->pid > 0)
        waitpid(service->pid, NULL, 0);
    *service = NAME_SERVICE_NONE;
}
