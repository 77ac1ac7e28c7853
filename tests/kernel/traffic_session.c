/* SPDX-License-Identifier: BSD-2-Clause */
#include "traffic_session.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

void die(const char *format, ...)
{
    int error = errno;
    va_list arguments;

    va_start(arguments, format);
    fprintf(stderr, "traffic: ");
    vfprintf(stderr, format, arguments);
    fprintf(stderr, ": %s\n", strerror(error));
    va_end(arguments);
    exit(1);
}

void check(int result, const char *what)
{
    if (result < 0)
        die("%s", what);
}

size_t request_size(long i)
{
    return i % 97 == 0 ? 200000 : 1 + (size_t)(i * 37 % 3000);
}

size_t reply_size(long i)
{
    return i % 89 == 0 ? 300000 : 1 + (size_t)(i * 91 % 5000);
}

void tell(const struct run *run)
{
    if (write(run->control, "x", 1) != 1)
        die("tell");
}

void wait_told(const struct run *run)
{
    char byte;

    if (read(run->control, &byte, 1) != 1)
        die("the other process is gone");
}

void send_bytes(int fd, size_t size)
{
    static const char data[65536];

    while (size > 0) {
        ssize_t n = send(fd, data, size < sizeof data ? size : sizeof data, MSG_NOSIGNAL);

        check((int)n, "send");
        size -= (size_t)n;
    }
}

void receive_bytes(int fd, size_t size)
{
    static char data[65536];

    while (size > 0) {
        ssize_t n = recv(fd, data, size < sizeof data ? size : sizeof data, 0);

        check((int)n, "recv");
        if (n == 0)
            die("the peer ended the session too early");
        size -= (size_t)n;
    }
}

void expect_end(int fd)
{
    char byte;
    ssize_t n = recv(fd, &byte, 1, 0);

    if (n != 0)
        die("expected the peer's FIN, got %zd", n);
}

void expect_reset(int fd)
{
    char byte;

    if (recv(fd, &byte, 1, 0) >= 0 || errno != ECONNRESET)
        die("expected a reset");
}

void await_bytes(int fd, size_t size)
{
    int n = 0;

    while ((size_t)n < size) {
        struct pollfd p = {.fd = fd, .events = POLLIN};

        check(poll(&p, 1, -1), "poll");
        check(ioctl(fd, FIONREAD, &n), "FIONREAD");
    }
}

void await_acknowledgement(int fd)
{
    int n = 1;

    while (n > 0)
        check(ioctl(fd, TIOCOUTQ, &n), "TIOCOUTQ");
}

void close_with_reset(int fd)
{
    struct linger linger = {.l_onoff = 1};

    check(setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger), "SO_LINGER");
    close(fd);
}

static void print_address(FILE *f, const char *name, const union address *a)
{
    char text[INET6_ADDRSTRLEN];

    if (a->any.sa_family == AF_INET)
        inet_ntop(AF_INET, &a->v4.sin_addr, text, sizeof text);
    else if (IN6_IS_ADDR_V4MAPPED(&a->v6.sin6_addr))
        inet_ntop(AF_INET, &a->v6.sin6_addr.s6_addr[12], text, sizeof text);
    else
        inet_ntop(AF_INET6, &a->v6.sin6_addr, text, sizeof text);
    fprintf(f, " %saddr=%s %sport=%d", name, text, name, ntohs(a->v4.sin_port));
}

/* Both kinds of address have the port at the same place. */
_Static_assert(offsetof(struct sockaddr_in, sin_port) == offsetof(struct sockaddr_in6, sin6_port),
               "port");

void write_ledger(struct run *run, const char *side, pid_t pid, const char *comm,
                  const union address *local, const union address *remote, size_t sent,
                  size_t received)
{
    fprintf(run->ledger, "side=%s pid=%d comm=%s family=%d v6_socket=%d", side, pid, comm,
            local->any.sa_family == AF_INET6 && !IN6_IS_ADDR_V4MAPPED(&local->v6.sin6_addr) ? 6 : 4,
            local->any.sa_family == AF_INET6);
    print_address(run->ledger, "l", local);
    print_address(run->ledger, "r", remote);
    fprintf(run->ledger, " sent=%zu received=%zu\n", sent, received);
}

union address local_address(int fd)
{
    union address local = {0};
    socklen_t size = sizeof local;

    check(getsockname(fd, &local.any, &size), "getsockname");
    return local;
}

void note(struct run *run, int fd, size_t sent, size_t received)
{
    union address local = local_address(fd);

    write_ledger(run, run->side, getpid(), run->comm, &local, &run->peer, sent, received);
}

socklen_t address_size(const union address *a)
{
    return a->any.sa_family == AF_INET ? sizeof a->v4 : sizeof a->v6;
}

int make_socket(const struct run *run)
{
    int fd = socket(run->address.any.sa_family, SOCK_STREAM, 0);
    int one = 1;

    check(fd, "socket");
    check(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one), "TCP_NODELAY");
    return fd;
}

void start_listening(struct run *run)
{
    int one = 1;
    socklen_t size = sizeof run->address;

    run->listener = make_socket(run);
    check(setsockopt(run->listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one), "SO_REUSEADDR");
    check(bind(run->listener, &run->address.any, address_size(&run->address)), "bind");
    if (!run->mode->has_no_listener)
        check(listen(run->listener, run->mode->backlog), "listen");
    check(getsockname(run->listener, &run->address.any, &size), "getsockname");
}

void connect_socket(const struct run *run, int fd)
{
    check(connect(fd, &run->address.any, address_size(&run->address)), "connect");
}

int open_session(const struct run *run)
{
    int fd = make_socket(run);

    connect_socket(run, fd);
    return fd;
}

int accept_session(struct run *run)
{
    socklen_t size = sizeof run->peer;
    int fd = accept(run->listener, &run->peer.any, &size);

    check(fd, "accept");
    return fd;
}

void client_exchange(struct run *run, int fd, long i)
{
    send_bytes(fd, request_size(i));
    receive_bytes(fd, reply_size(i));
    note(run, fd, request_size(i), reply_size(i));
}

void server_exchange(struct run *run, int fd, long i)
{
    receive_bytes(fd, request_size(i));
    send_bytes(fd, reply_size(i));
    note(run, fd, reply_size(i), request_size(i));
}

int make_bound_socket(const struct run *run)
{
    int fd = make_socket(run);
    union address any = {.any.sa_family = run->address.any.sa_family};

    if (any.any.sa_family == AF_INET)
        any.v4.sin_addr = run->address.v4.sin_addr;
    else
        any.v6.sin6_addr = run->address.v6.sin6_addr;
    if (run->client_netns)
        memset((char *)&any + sizeof any.any.sa_family, 0, sizeof any - sizeof any.any.sa_family);
    check(bind(fd, &any.any, address_size(&any)), "bind");
    return fd;
}
