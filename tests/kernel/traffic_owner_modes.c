/* SPDX-License-Identifier: BSD-2-Clause */
/* Modes in which it is not plain which process a session belongs to. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "traffic_ring.h"
#include "traffic_session.h"

#define BACKLOG 128
#define ALIKE   1 /* the number of a session, where all have the same sizes */

/* --- Resets without data, after the server has accepted, and before it. --- */

static void client_reset_accepted(struct run *run, long i)
{
    int fd = open_session(run);

    (void)i;
    note(run, fd, 0, 0);
    wait_told(run);
    close_with_reset(fd);
}

static void server_await_reset_empty(struct run *run, long i)
{
    int fd = accept_session(run);

    (void)i;
    note(run, fd, 0, 0);
    tell(run);
    expect_reset(fd);
    close(fd);
}

static void client_reset_unaccepted(struct run *run, long i)
{
    int fd = open_session(run);

    (void)i;
    note(run, fd, 0, 0);
    close_with_reset(fd);
    tell(run);
    wait_told(run);
}

static void server_accept_reset(struct run *run, long i)
{
    int fd;

    (void)i;
    wait_told(run);
    fd = accept_session(run);
    note(run, fd, 0, 0);
    close(fd);
    tell(run);
}

/* --- A server process of its own for each session, killed when the exchange is done. --- */

static void serve_until_killed(struct run *run, long i, int done)
{
    int fd;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    fd = accept_session(run);
    server_exchange(run, fd, i);
    fflush(run->ledger);
    if (write(done, "x", 1) != 1)
        die("write");
    pause();
    _exit(1);
}

/* Killed when the client has all of the reply, too. */
static void server_killed(struct run *run, long i)
{
    int done[2];
    char byte;
    pid_t child;

    check(pipe(done), "pipe");
    fflush(run->ledger);
    child = fork();
    check(child, "fork");
    if (child == 0)
        serve_until_killed(run, i, done[1]);
    close(done[1]);
    if (read(done[0], &byte, 1) != 1)
        die("the child ended early");
    wait_told(run);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(done[0]);
}

static void client_exchange_await_kill(struct run *run, long i)
{
    int fd = open_session(run);

    client_exchange(run, fd, i);
    tell(run);
    expect_end(fd);
    close(fd);
}

/* The server answers, and gets a session from another process or thread by this. */
static void serve_taken(struct run *run, int fd, long i)
{
    server_exchange(run, fd, i);
    expect_end(fd);
    close(fd);
}

static void client_exchange_close(struct run *run, long i)
{
    int fd = open_session(run);

    client_exchange(run, fd, i);
    close(fd);
}

/* --- Any of several processes may get a session, so that all are alike. --- */

static void client_prefork(struct run *run, long i)
{
    (void)i;
    client_exchange_close(run, ALIKE);
}

static void server_prefork(struct run *run, long i)
{
    (void)i;
    serve_taken(run, accept_session(run), ALIKE);
}

static void client_prefork_reset(struct run *run, long i)
{
    int fd = open_session(run);

    (void)i;
    client_exchange(run, fd, ALIKE);
    close_with_reset(fd);
}

static void server_prefork_reset(struct run *run, long i)
{
    int fd = accept_session(run);

    (void)i;
    server_exchange(run, fd, ALIKE);
    expect_reset(fd);
    close(fd);
}

/* --- Accepted by one process, passed to another over a socket. --- */

static struct {
    int fd; /* to it */
    pid_t pid;
} holder;

union passed {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int))];
};

static void pass_session(int to, int fd, union address *peer)
{
    union passed control = {0};
    struct iovec data = {.iov_base = peer, .iov_len = sizeof *peer};
    struct msghdr message = {
        .msg_iov = &data,
        .msg_iovlen = 1,
        .msg_control = &control,
        .msg_controllen = sizeof control,
    };

    control.header.cmsg_level = SOL_SOCKET;
    control.header.cmsg_type = SCM_RIGHTS;
    control.header.cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(&control.header), &fd, sizeof fd);
    if (sendmsg(to, &message, 0) != sizeof *peer)
        die("sendmsg");
}

static int take_session(int from, union address *ret_peer)
{
    union passed control = {0};
    struct iovec data = {.iov_base = ret_peer, .iov_len = sizeof *ret_peer};
    struct msghdr message = {
        .msg_iov = &data,
        .msg_iovlen = 1,
        .msg_control = &control,
        .msg_controllen = sizeof control,
    };
    int fd;

    if (recvmsg(from, &message, 0) != sizeof *ret_peer || control.header.cmsg_type != SCM_RIGHTS)
        die("recvmsg");
    memcpy(&fd, CMSG_DATA(&control.header), sizeof fd);
    return fd;
}

static void hold_sessions(struct run *run, int from)
{
    run->comm = "tr-holder";
    prctl(PR_SET_NAME, run->comm);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close(run->listener);
    for (long i = 0; i < run->count; i++) {
        int fd = take_session(from, &run->peer);
        char byte;

        if (recv(from, &byte, 1, 0) != 1) /* until it is nobody else's */
            die("recv");
        serve_taken(run, fd, i);
    }
    fflush(run->ledger);
    _exit(0);
}

static void start_holder(struct run *run)
{
    int pair[2];

    check(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), "socketpair");
    holder.pid = fork();
    check(holder.pid, "fork");
    if (holder.pid == 0) {
        close(pair[0]);
        hold_sessions(run, pair[1]);
    }
    close(pair[1]);
    holder.fd = pair[0];
}

/* The holder has the only file of the session now. */
static void tell_holder(void)
{
    if (send(holder.fd, "x", 1, 0) != 1)
        die("send");
}

static void server_pass(struct run *run, long i)
{
    int status;
    int fd;

    if (i == 0)
        start_holder(run);
    fd = accept_session(run);
    pass_session(holder.fd, fd, &run->peer);
    close(fd);
    tell_holder();
    if (i == run->count - 1 && (waitpid(holder.pid, &status, 0) < 0 || status))
        die("the holder");
}

/* --- Accepted by one thread, used and closed by another. --- */

static struct {
    pthread_t thread;
    int pipe[2];
} closer;

static void *close_sessions(void *argument)
{
    struct run mine = *(struct run *)argument;
    int fd;

    mine.comm = "tr-closer";
    prctl(PR_SET_NAME, mine.comm);
    for (long i = 0; i < mine.count; i++) {
        if (read(closer.pipe[0], &fd, sizeof fd) != sizeof fd ||
            read(closer.pipe[0], &mine.peer, sizeof mine.peer) != sizeof mine.peer)
            die("read");
        serve_taken(&mine, fd, i);
    }
    return NULL;
}

static void server_threads(struct run *run, long i)
{
    int fd;

    if (i == 0) {
        check(pipe(closer.pipe), "pipe");
        check(-pthread_create(&closer.thread, NULL, close_sessions, run), "pthread_create");
    }
    fd = accept_session(run);
    if (write(closer.pipe[1], &fd, sizeof fd) != sizeof fd ||
        write(closer.pipe[1], &run->peer, sizeof run->peer) != sizeof run->peer)
        die("write");
    if (i == run->count - 1)
        check(-pthread_join(closer.thread, NULL), "pthread_join");
}

/* --- By io_uring: the process itself, or a worker of the kernel ("iou-wrk-123"). --- */

static struct ring *ring_of_process(bool is_async)
{
    static struct ring *ring;

    if (!ring)
        ring = ring_new(is_async);
    return ring;
}

static void client_by_ring(struct run *run, long i, bool is_async)
{
    struct ring *ring = ring_of_process(is_async);
    int fd = make_socket(run);

    ring_connect(ring, fd, &run->address.any, address_size(&run->address));
    client_exchange(run, fd, i);
    ring_close(ring, fd);
}

static void server_by_ring(struct run *run, long i, bool is_async)
{
    struct ring *ring = ring_of_process(is_async);
    socklen_t size = sizeof run->peer;
    int fd = ring_accept(ring, run->listener, &run->peer.any, &size);

    server_exchange(run, fd, i);
    expect_end(fd);
    ring_close(ring, fd);
}

static void client_ring(struct run *run, long i)
{
    client_by_ring(run, i, false);
}

static void server_ring(struct run *run, long i)
{
    server_by_ring(run, i, false);
}

static void client_ring_async(struct run *run, long i)
{
    client_by_ring(run, i, true);
}

static void server_ring_async(struct run *run, long i)
{
    server_by_ring(run, i, true);
}

const struct mode traffic_owner_modes[] = {
    {"reset-accepted", client_reset_accepted, server_await_reset_empty, .backlog = BACKLOG},
    {"reset-unaccepted", client_reset_unaccepted, server_accept_reset, .backlog = BACKLOG},
    {"server-killed", client_exchange_await_kill, server_killed, .backlog = BACKLOG},
    {"prefork", client_prefork, server_prefork, .backlog = BACKLOG},
    {"prefork-reset", client_prefork_reset, server_prefork_reset, .backlog = BACKLOG},
    {"passed", client_exchange_close, server_pass, .backlog = BACKLOG},
    {"threads", client_exchange_close, server_threads, .backlog = BACKLOG},
    {"io-uring", client_ring, server_ring, .backlog = BACKLOG},
    {"io-uring-async", client_ring_async, server_ring_async, .backlog = BACKLOG},
    {0},
};
