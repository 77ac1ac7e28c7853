/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Many TCP sessions that are open at once, over loopback.
 *
 *   crowd SESSIONS PROCESSES
 *
 * Each process is client and server of its share, on an address of its own (127.1.0.1, ...), so
 * that ports suffice; what it has open are two descriptors a session. Each step waits for a line on
 * standard input, and prints one when it is done:
 *
 *   "ready PID..."  the processes are there, and listen
 *   "open"          all sessions are, and accepted
 *   "closed"        all are, by the client first
 */
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROCESSES_MAX 64
#define TIME_LIMIT_S  240
#define FIRST_ADDRESS 0x7f010001 /* 127.1.0.1 */
#define SPARE_FILES   16
#define BACKLOG       16

struct member {
    pid_t pid;
    int orders;  /* to it: a byte a step */
    int answers; /* from it: a byte when the step is done */
};

static void die(const char *what)
{
    fprintf(stderr, "crowd: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int check(int result, const char *what)
{
    if (result < 0)
        die(what);
    return result;
}

/* --- One process. --- */

struct share {
    long sessions;
    int listener;
    struct sockaddr_in address;
    int *clients;
    int *servers;
};

static void begin_share(struct share *share, long index)
{
    socklen_t size = sizeof share->address;

    share->clients = calloc((size_t)share->sessions, sizeof *share->clients);
    share->servers = calloc((size_t)share->sessions, sizeof *share->servers);
    if (!share->clients || !share->servers)
        die("calloc");
    share->address = (struct sockaddr_in){
        .sin_family = AF_INET,
        .sin_addr.s_addr = htonl((uint32_t)(FIRST_ADDRESS + index)),
    };
    share->listener = check(socket(AF_INET, SOCK_STREAM, 0), "socket");
    check(bind(share->listener, (struct sockaddr *)&share->address, size), "bind");
    check(listen(share->listener, BACKLOG), "listen");
    check(getsockname(share->listener, (struct sockaddr *)&share->address, &size), "getsockname");
}

static void open_share(struct share *share)
{
    for (long i = 0; i < share->sessions; i++) {
        share->clients[i] = check(socket(AF_INET, SOCK_STREAM, 0), "socket");
        check(connect(share->clients[i], (struct sockaddr *)&share->address, sizeof share->address),
              "connect");
        share->servers[i] = check(accept(share->listener, NULL, NULL), "accept");
    }
}

static void close_share(struct share *share)
{
    char byte;

    for (long i = 0; i < share->sessions; i++) {
        close(share->clients[i]);
        if (recv(share->servers[i], &byte, 1, 0) != 0)
            die("expected the client's FIN");
        close(share->servers[i]);
    }
}

static void run_member(long sessions, long index, int orders, int answers)
{
    struct share share = {.sessions = sessions};
    char byte;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    alarm(TIME_LIMIT_S);
    begin_share(&share, index);
    check((int)write(answers, "r", 1), "write");
    for (int step = 0; step < 2; step++) {
        if (read(orders, &byte, 1) != 1)
            exit(1);
        if (step == 0)
            open_share(&share);
        else
            close_share(&share);
        check((int)write(answers, "d", 1), "write");
    }
    exit(0);
}

/* --- All of them. --- */

static void start_member(struct member *member, long sessions, long index)
{
    int orders[2];
    int answers[2];

    check(pipe(orders), "pipe");
    check(pipe(answers), "pipe");
    member->pid = check(fork(), "fork");
    if (member->pid == 0) {
        close(orders[1]);
        close(answers[0]);
        run_member(sessions, index, orders[0], answers[1]);
    }
    close(orders[0]);
    close(answers[1]);
    member->orders = orders[1];
    member->answers = answers[0];
}

static void await_members(const struct member *members, long count)
{
    char byte;

    for (long i = 0; i < count; i++)
        if (read(members[i].answers, &byte, 1) != 1)
            die("a process ended early");
}

/*
 * When a line was read, each does its next step: all at once, or one after the other, so that the
 * recorder gets its share of the processors.
 */
static void do_step(const struct member *members, long count, bool is_at_once, const char *name)
{
    char line[16];

    if (!fgets(line, sizeof line, stdin))
        exit(1);
    for (long i = 0; i < count; i++) {
        check((int)write(members[i].orders, "x", 1), "write");
        if (!is_at_once)
            await_members(&members[i], 1);
    }
    if (is_at_once)
        await_members(members, count);
    puts(name);
    fflush(stdout);
}

/* As many files as this process may have open; too few are said here, and not by what fails later.
 */
static void raise_file_limit(long needed)
{
    struct rlimit limit;

    check(getrlimit(RLIMIT_NOFILE, &limit), "getrlimit");
    limit.rlim_cur = limit.rlim_max;
    check(setrlimit(RLIMIT_NOFILE, &limit), "setrlimit");
    if (limit.rlim_cur < (rlim_t)needed) {
        fprintf(stderr, "crowd: %ld files a process are needed, %lu are allowed\n", needed,
                (unsigned long)limit.rlim_cur);
        exit(1);
    }
}

int main(int argc, char **argv)
{
    struct member members[PROCESSES_MAX];
    long sessions = argc == 3 ? atol(argv[1]) : 0;
    long count = argc == 3 ? atol(argv[2]) : 0;

    if (count < 1 || count > PROCESSES_MAX || sessions < count || sessions % count) {
        fprintf(stderr, "usage: crowd SESSIONS PROCESSES, which must share them evenly\n");
        return 2;
    }
    alarm(TIME_LIMIT_S);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    raise_file_limit(2 * sessions / count + SPARE_FILES + 2 * count);
    for (long i = 0; i < count; i++)
        start_member(&members[i], sessions / count, i);
    await_members(members, count);
    printf("ready");
    for (long i = 0; i < count; i++)
        printf(" %d", members[i].pid);
    puts("");
    fflush(stdout);
    do_step(members, count, true, "open");
    do_step(members, count, false, "closed");
    for (long i = 0; i < count; i++)
        waitpid(members[i].pid, NULL, 0);
    return 0;
}
