/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Short TCP sessions over loopback, as many a second as the processors make, or at a given rate.
 *
 *   flood [--mode client-fin|server-fin|client-reset] [--count N] [--workers W] [--rate R] [--bytes
 * B]
 *
 * Each worker is a process that is client and server at once, so that nobody waits for anybody: N
 * connections in all, R a second in all (0 = as fast as possible), B bytes each way. Prints the
 * seconds from the first connection to the last.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_SECOND 1000000000L
#define WORKERS_MAX   64
#define BYTES_MAX     65536

enum mode { CLIENT_FIN, SERVER_FIN, CLIENT_RESET, MODES };

static const char *const mode_names[MODES] = {"client-fin", "server-fin", "client-reset"};

struct flood {
    enum mode mode;
    long count;
    long workers;
    long rate;
    size_t bytes;
};

static void die(const char *what)
{
    fprintf(stderr, "flood: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int check(int result, const char *what)
{
    if (result < 0)
        die(what);
    return result;
}

static int listen_anywhere(struct sockaddr_in *ret_address)
{
    socklen_t size = sizeof *ret_address;
    int fd = check(socket(AF_INET, SOCK_STREAM, 0), "socket");

    *ret_address =
        (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    check(bind(fd, (struct sockaddr *)ret_address, size), "bind");
    check(listen(fd, 128), "listen");
    check(getsockname(fd, (struct sockaddr *)ret_address, &size), "getsockname");
    return fd;
}

/* `bytes` from one end to the other; a loopback socket's buffer holds them. */
static void pass(int from, int to, size_t bytes)
{
    static char buffer[BYTES_MAX];

    if (bytes && send(from, buffer, bytes, 0) != (ssize_t)bytes)
        die("send");
    if (bytes && recv(to, buffer, bytes, MSG_WAITALL) != (ssize_t)bytes)
        die("recv");
}

static void make_session(const struct flood *flood, int listener, const struct sockaddr_in *address)
{
    static const struct linger reset = {.l_onoff = 1};
    int client = check(socket(AF_INET, SOCK_STREAM, 0), "socket");
    int server;

    check(connect(client, (const struct sockaddr *)address, sizeof *address), "connect");
    server = check(accept(listener, NULL, NULL), "accept");
    pass(client, server, flood->bytes);
    pass(server, client, flood->bytes);
    if (flood->mode == CLIENT_RESET)
        check(setsockopt(client, SOL_SOCKET, SO_LINGER, &reset, sizeof reset), "SO_LINGER");
    close(flood->mode == SERVER_FIN ? server : client);
    close(flood->mode == SERVER_FIN ? client : server);
}

static void sleep_until(struct timespec *when, long ns)
{
    when->tv_nsec += ns;
    when->tv_sec += when->tv_nsec / NS_PER_SECOND;
    when->tv_nsec %= NS_PER_SECOND;
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, when, NULL) == EINTR)
        ;
}

static void work(const struct flood *flood)
{
    struct sockaddr_in address;
    int listener = listen_anywhere(&address);
    struct timespec when;
    long ns = flood->rate ? NS_PER_SECOND / flood->rate * flood->workers : 0;

    prctl(PR_SET_TIMERSLACK, 1);
    clock_gettime(CLOCK_MONOTONIC, &when);
    for (long i = 0; i < flood->count / flood->workers; i++) {
        if (ns)
            sleep_until(&when, ns);
        make_session(flood, listener, &address);
    }
    exit(0);
}

static void parse(struct flood *flood, int argc, char **argv)
{
    static const struct option options[] = {
        {"mode", required_argument, NULL, 'm'},    {"count", required_argument, NULL, 'n'},
        {"workers", required_argument, NULL, 'w'}, {"rate", required_argument, NULL, 'r'},
        {"bytes", required_argument, NULL, 'b'},   {0},
    };
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) >= 0) {
        long number = optarg ? atol(optarg) : 0;

        if (option == 'm')
            for (int i = 0; i < MODES; i++)
                flood->mode = strcmp(optarg, mode_names[i]) ? flood->mode : (enum mode)i;
        else if (option == 'n')
            flood->count = number;
        else if (option == 'w')
            flood->workers = number;
        else if (option == 'r')
            flood->rate = number;
        else if (option == 'b')
            flood->bytes = (size_t)number;
        else
            exit(2);
    }
    if (flood->workers < 1 || flood->workers > WORKERS_MAX || flood->bytes > BYTES_MAX)
        exit(2);
}

int main(int argc, char **argv)
{
    struct flood flood = {.count = 10000, .workers = 2};
    struct timespec begin;
    struct timespec end;
    int failed = 0;

    parse(&flood, argc, argv);
    signal(SIGPIPE, SIG_IGN);
    clock_gettime(CLOCK_MONOTONIC, &begin);
    for (long i = 0; i < flood.workers; i++)
        if (check(fork(), "fork") == 0)
            work(&flood);
    for (int status; wait(&status) > 0;)
        failed |= status;
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%.6f\n", (double)(end.tv_sec - begin.tv_sec) +
                         (double)(end.tv_nsec - begin.tv_nsec) / NS_PER_SECOND);
    return failed != 0;
}
