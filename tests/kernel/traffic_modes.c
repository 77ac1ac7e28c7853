/* SPDX-License-Identifier: BSD-2-Clause */
#include "traffic_session.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define BACKLOG 128

/* --- Modes. Each pair of functions goes through one session. --- */

static void client_exchange_close(struct run *run, long i)
{
    int fd = open_session(run);

    client_exchange(run, fd, i);
    close(fd);
}

static void server_exchange_await_end(struct run *run, long i)
{
    int fd = accept_session(run);

    server_exchange(run, fd, i);
    expect_end(fd);
    close(fd);
}

/* The server closes once the client has all of the reply, so that a reset takes nothing away. */
static void client_exchange_await_end(struct run *run, long i)
{
    int fd = open_session(run);

    client_exchange(run, fd, i);
    tell(run);
    expect_end(fd);
    close(fd);
}

static void server_exchange_close(struct run *run, long i)
{
    int fd = accept_session(run);

    server_exchange(run, fd, i);
    wait_told(run);
    close(fd);
}

static void client_exchange_reset(struct run *run, long i)
{
    int fd = open_session(run);

    client_exchange(run, fd, i);
    close_with_reset(fd);
}

static void server_exchange_await_reset(struct run *run, long i)
{
    int fd = accept_session(run);

    server_exchange(run, fd, i);
    expect_reset(fd);
    close(fd);
}

static void client_exchange_await_reset(struct run *run, long i)
{
    int fd = open_session(run);

    client_exchange(run, fd, i);
    tell(run);
    expect_reset(fd);
    close(fd);
}

static void server_exchange_reset(struct run *run, long i)
{
    int fd = accept_session(run);

    server_exchange(run, fd, i);
    wait_told(run);
    close_with_reset(fd);
}

/* close() with unread data is a reset. */
static void client_close_unread(struct run *run, long i)
{
    int fd = open_session(run);
    size_t size = reply_size(i) % 5000 + 1;

    send_bytes(fd, request_size(i));
    await_bytes(fd, size);
    note(run, fd, request_size(i), size);
    close(fd);
}

static void server_reply_await_reset(struct run *run, long i)
{
    int fd = accept_session(run);
    size_t size = reply_size(i) % 5000 + 1;

    receive_bytes(fd, request_size(i));
    send_bytes(fd, size);
    note(run, fd, size, request_size(i));
    expect_reset(fd);
    close(fd);
}

/* No byte is sent. The client waits for the server, whose backlog it would fill otherwise. */
static void client_close_empty(struct run *run, long i)
{
    int fd = open_session(run);

    (void)i;
    note(run, fd, 0, 0);
    close(fd);
    wait_told(run);
}

static void server_await_end_empty(struct run *run, long i)
{
    int fd = accept_session(run);

    (void)i;
    note(run, fd, 0, 0);
    expect_end(fd);
    close(fd);
    tell(run);
}

/* The client sends its FIN before it gets the reply. */
static void client_half_close(struct run *run, long i)
{
    int fd = open_session(run);

    send_bytes(fd, request_size(i));
    check(shutdown(fd, SHUT_WR), "shutdown");
    receive_bytes(fd, reply_size(i));
    note(run, fd, request_size(i), reply_size(i));
    expect_end(fd);
    close(fd);
}

static void server_half_close(struct run *run, long i)
{
    int fd = accept_session(run);

    receive_bytes(fd, request_size(i));
    expect_end(fd);
    send_bytes(fd, reply_size(i));
    note(run, fd, reply_size(i), request_size(i));
    close(fd);
}

/* A process of its own for each session, killed when the exchange is done. */
static void client_killed(struct run *run, long i)
{
    int done[2];
    char byte;
    pid_t child;

    check(pipe(done), "pipe");
    fflush(run->ledger);
    child = fork();
    check(child, "fork");
    if (child == 0) {
        int fd = open_session(run);

        client_exchange(run, fd, i);
        fflush(run->ledger);
        if (write(done[1], "x", 1) != 1)
            die("write");
        pause();
        _exit(1);
    }
    if (read(done[0], &byte, 1) != 1)
        die("the child ended early");
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(done[0]);
    close(done[1]);
}

/* connect(AF_UNSPEC), and with the same socket a second session. */
static void client_disconnect_reuse(struct run *run, long i)
{
    static const struct sockaddr unspecified = {.sa_family = AF_UNSPEC};
    int fd = open_session(run);

    client_exchange(run, fd, i);
    check(connect(fd, &unspecified, sizeof unspecified), "connect(AF_UNSPEC)");
    wait_told(run);
    connect_socket(run, fd);
    client_exchange(run, fd, i + 1);
    close(fd);
}

static void server_disconnect_reuse(struct run *run, long i)
{
    int fd = accept_session(run);

    server_exchange(run, fd, i);
    expect_reset(fd);
    close(fd);
    tell(run);
    fd = accept_session(run);
    server_exchange(run, fd, i + 1);
    expect_end(fd);
    close(fd);
}

/* Nobody accepts. The client keeps the ledger of both sides, since only it knows the ports. */
static void client_unaccepted(struct run *run, long i)
{
    int fd = open_session(run);
    union address local = local_address(fd);

    send_bytes(fd, request_size(i) % 10000 + 1);
    await_acknowledgement(fd);
    note(run, fd, request_size(i) % 10000 + 1, 0);
    write_ledger(run, "server", run->server_pid, "tr-server", &run->peer, &local, 0,
                 request_size(i) % 10000 + 1);
    tell(run);
    expect_reset(fd);
    close(fd);
    wait_told(run);
}

static void server_unaccepted(struct run *run, long i)
{
    (void)i;
    wait_told(run);
    close(run->listener);
    start_listening(run);
    tell(run);
}

static void client_refused(struct run *run, long i)
{
    int fd = make_bound_socket(run);

    (void)i;
    if (connect(fd, &run->address.any, address_size(&run->address)) == 0 || errno != ECONNREFUSED)
        die("expected a refusal");
    note(run, fd, 0, 0);
    close(fd);
}

/*
 * A listener with a backlog of 0 takes one connection and then drops every SYN: connect() goes
 * nowhere.
 */
static void client_blackhole(struct run *run, bool waits)
{
    int filler = open_session(run);
    int fd = make_bound_socket(run);
    unsigned int limit_ms = 300;

    note(run, filler, 0, 0);
    if (waits) {
        check(setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &limit_ms, sizeof limit_ms),
              "TCP_USER_TIMEOUT");
        if (connect(fd, &run->address.any, address_size(&run->address)) == 0 || errno != ETIMEDOUT)
            die("expected a timeout");
    } else {
        check(fcntl(fd, F_SETFL, O_NONBLOCK), "O_NONBLOCK");
        if (connect(fd, &run->address.any, address_size(&run->address)) == 0 ||
            errno != EINPROGRESS)
            die("expected to wait");
    }
    note(run, fd, 0, 0);
    close(fd);
    close(filler);
    tell(run);
    wait_told(run);
}

static void client_gave_up(struct run *run, long i)
{
    (void)i;
    client_blackhole(run, false);
}

static void client_timed_out(struct run *run, long i)
{
    (void)i;
    client_blackhole(run, true);
}

static void server_blackhole(struct run *run, long i)
{
    int fd;

    (void)i;
    wait_told(run);
    fd = accept_session(run);
    note(run, fd, 0, 0);
    expect_end(fd);
    close(fd);
    tell(run);
}

static void client_unreachable(struct run *run, long i)
{
    int fd = make_bound_socket(run);

    (void)i;
    if (connect(fd, &run->address.any, address_size(&run->address)) == 0 || errno != EHOSTUNREACH)
        die("expected no route");
    note(run, fd, 0, 0);
    close(fd);
}

static void server_nothing(struct run *run, long i)
{
    (void)run;
    (void)i;
}

const struct mode traffic_modes[] = {
    {"client-fin", client_exchange_close, server_exchange_await_end, .backlog = BACKLOG},
    {"server-fin", client_exchange_await_end, server_exchange_close, .backlog = BACKLOG},
    {"client-reset", client_exchange_reset, server_exchange_await_reset, .backlog = BACKLOG},
    {"server-reset", client_exchange_await_reset, server_exchange_reset, .backlog = BACKLOG},
    {"client-unread", client_close_unread, server_reply_await_reset, .backlog = BACKLOG},
    {"empty", client_close_empty, server_await_end_empty, .backlog = BACKLOG},
    {"half-close", client_half_close, server_half_close, .backlog = BACKLOG},
    {"killed", client_killed, server_exchange_await_end, .backlog = BACKLOG},
    {"disconnect", client_disconnect_reuse, server_disconnect_reuse, .backlog = BACKLOG},
    {"unaccepted", client_unaccepted, server_unaccepted, .backlog = BACKLOG},
    {"refused", client_refused, server_nothing, .has_no_listener = true},
    {"gave-up", client_gave_up, server_blackhole, .backlog = 0},
    {"timed-out", client_timed_out, server_blackhole, .backlog = 0},
    {"unreachable", client_unreachable, server_nothing, .has_no_server = true},
    {0},
};
