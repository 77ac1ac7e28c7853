/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes TCP sessions that end in a known way, and keeps a ledger of them: a line for each side of
 * each session, with what the process on that side did. The tests compare what was recorded with
 * it.
 *
 *   traffic --mode MODE --ledger PREFIX [--count N] [--family 4|6|mapped] [--address A]
 *           [--port P] [--client-netns FILE] [--server-netns FILE] [--workers N]
 *
 * A server and a client process, "tr-server" and "tr-client", go through the sessions one after the
 * other. What they do next depends only on what the other did, never on time. The ledgers are
 * PREFIX.client and PREFIX.server. With --workers, "tr-listener" listens, and N processes
 * "tr-server" share the sessions.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "traffic_session.h"

#define TIME_LIMIT_S 240
#define WORKERS_MAX  16

static const struct mode *find_mode(const char *name)
{
    const struct mode *const tables[] = {traffic_modes, traffic_owner_modes};

    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        for (const struct mode *mode = tables[i]; mode->name; mode++)
            if (!strcmp(mode->name, name))
                return mode;
    fprintf(stderr, "traffic: no mode '%s'\n", name);
    exit(2);
}

/* --- The two processes. --- */

static void enter_netns(const char *path)
{
    int fd;

    if (!path)
        return;
    fd = open(path, O_RDONLY | O_CLOEXEC);
    check(fd, path);
    check(setns(fd, CLONE_NEWNET), "setns");
    close(fd);
}

static void begin(struct run *run, const char *side, const char *comm)
{
    char path[4096];

    run->side = side;
    run->comm = comm;
    prctl(PR_SET_NAME, comm);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    snprintf(path, sizeof path, "%s.%s", run->ledger_prefix, side);
    run->ledger = fopen(path, "w");
    if (!run->ledger)
        die("%s", path);
}

static void end(struct run *run)
{
    if (fclose(run->ledger) != 0)
        die("the ledger");
    exit(0);
}

static int wait_for(pid_t pid)
{
    int status;

    check(waitpid(pid, &status, 0), "waitpid");
    if (WIFSIGNALED(status))
        fprintf(stderr, "traffic: process %d was ended by signal %d%s\n", (int)pid,
                WTERMSIG(status), WTERMSIG(status) == SIGALRM ? ": its time was up" : "");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static void serve(struct run *run)
{
    for (long i = 0; i < run->count; i++)
        run->mode->server(run, i);
    end(run);
}

/* Each worker takes as many sessions as the others. */
static void serve_in_workers(struct run *run)
{
    pid_t workers[WORKERS_MAX];

    setlinebuf(run->ledger); /* it is everybody's */
    run->count /= run->workers;
    for (long i = 0; i < run->workers; i++) {
        workers[i] = fork();
        check(workers[i], "fork");
        if (workers[i] > 0)
            continue;
        alarm(TIME_LIMIT_S);
        run->comm = "tr-server";
        prctl(PR_SET_NAME, run->comm);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        serve(run);
    }
    for (long i = 0; i < run->workers; i++)
        if (wait_for(workers[i]) != 0)
            exit(1);
    exit(0);
}

static void run_server(struct run *run)
{
    begin(run, "server", run->workers ? "tr-listener" : "tr-server");
    enter_netns(run->server_netns);
    if (!run->mode->has_no_server)
        start_listening(run);
    if (write(run->control, &run->address, sizeof run->address) != sizeof run->address)
        die("write");
    if (run->workers)
        serve_in_workers(run);
    serve(run);
}

static void run_client(struct run *run)
{
    begin(run, "client", "tr-client");
    enter_netns(run->client_netns);
    if (read(run->control, &run->address, sizeof run->address) != sizeof run->address)
        die("the server has not started");
    run->peer = run->address;
    for (long i = 0; i < run->count; i++)
        run->mode->client(run, i);
    end(run);
}

static pid_t start(struct run *run, void (*function)(struct run *run), int control, int other)
{
    pid_t pid = fork();

    check(pid, "fork");
    if (pid == 0) {
        alarm(TIME_LIMIT_S);
        close(other);
        run->control = control;
        function(run);
    }
    return pid;
}

static void set_address(struct run *run)
{
    bool is_v4 = !strcmp(run->family, "4");
    const char *text = run->address_text;

    if (!text)
        text = is_v4 ? "127.0.0.1" : strcmp(run->family, "mapped") ? "::1" : "::ffff:127.0.0.1";
    run->address.any.sa_family = is_v4 ? AF_INET : AF_INET6;
    if (inet_pton(run->address.any.sa_family, text,
                  is_v4 ? (void *)&run->address.v4.sin_addr : (void *)&run->address.v6.sin6_addr) !=
        1)
        die("%s", text);
    run->address.v4.sin_port = htons((uint16_t)run->port);
}

static void parse(struct run *run, int argc, char **argv)
{
    static const struct option options[] = {
        {"mode", required_argument, NULL, 'm'},
        {"ledger", required_argument, NULL, 'l'},
        {"count", required_argument, NULL, 'n'},
        {"family", required_argument, NULL, 'f'},
        {"address", required_argument, NULL, 'a'},
        {"client-netns", required_argument, NULL, 'c'},
        {"server-netns", required_argument, NULL, 's'},
        {"port", required_argument, NULL, 'p'},
        {"workers", required_argument, NULL, 'w'},
        {0},
    };
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) >= 0) {
        switch (option) {
        case 'm':
            run->mode = find_mode(optarg);
            break;
        case 'l':
            run->ledger_prefix = optarg;
            break;
        case 'n':
            run->count = atol(optarg);
            break;
        case 'f':
            run->family = optarg;
            break;
        case 'a':
            run->address_text = optarg;
            break;
        case 'p':
            run->port = atoi(optarg);
            break;
        case 'c':
            run->client_netns = optarg;
            break;
        case 's':
            run->server_netns = optarg;
            break;
        case 'w':
            run->workers = atol(optarg);
            break;
        default:
            exit(2);
        }
    }
    if (!run->mode || !run->ledger_prefix) {
        fprintf(stderr, "traffic: --mode and --ledger are needed\n");
        exit(2);
    }
    if (run->workers < 0 || run->workers > WORKERS_MAX ||
        (run->workers && run->count % run->workers)) {
        fprintf(stderr, "traffic: the workers must share the sessions evenly\n");
        exit(2);
    }
}

int main(int argc, char **argv)
{
    struct run run = {.family = "4", .count = 1, .listener = -1};
    int control[2];
    pid_t client;
    int status;

    parse(&run, argc, argv);
    set_address(&run);
    check(socketpair(AF_UNIX, SOCK_STREAM, 0, control), "socketpair");
    run.server_pid = start(&run, run_server, control[0], control[1]);
    client = start(&run, run_client, control[1], control[0]);
    close(control[0]);
    close(control[1]);
    status = wait_for(client);
    return wait_for(run.server_pid) || status;
}
