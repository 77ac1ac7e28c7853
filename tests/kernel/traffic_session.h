/* SPDX-License-Identifier: BSD-2-Clause */
/* What the modes of the traffic maker are made of: one step of a session each. All end the process
 * when a step fails. */
#ifndef TESTS_TRAFFIC_SESSION_H
#define TESTS_TRAFFIC_SESSION_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/types.h>

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

struct run {
    const struct mode *mode;
    const char *family;
    const char *address_text;
    const char *ledger_prefix;
    int port; /* of the server; 0 = any */
    const char *client_netns;
    const char *server_netns;
    long count;
    long workers; /* processes that serve, and are not the one that listens; 0 = it is the same */
    const char *side; /* of this process */
    const char *comm;
    union address address; /* of the server */
    union address
        peer;     /* of this side's session; kept, since after a reset the kernel does not say it */
    int control;  /* to the other process */
    int listener; /* in the server; -1 in the client */
    pid_t server_pid;
    FILE *ledger;
};

struct mode {
    const char *name;
    void (*client)(struct run *run, long i);
    void (*server)(struct run *run, long i);
    bool has_no_listener; /* the server's port is bound, but does not listen */
    bool has_no_server;   /* there is no such host */
    int backlog;          /* of listen(2) */
};

/* All modes: those that differ in the ending, and those that differ in the process. The last of
 * each has no name. */
extern const struct mode traffic_modes[];
extern const struct mode traffic_owner_modes[];

/* Says what failed, and errno. */
void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/* Dies when a system call has failed. */
void check(int result, const char *what);

/* The sizes of session i, in bytes: small ones, and a large one now and then. */
size_t request_size(long i);
size_t reply_size(long i);

/* The other process goes on when tell() is called here. */
void tell(const struct run *run);
void wait_told(const struct run *run);

/* All of them. */
void send_bytes(int fd, size_t size);
void receive_bytes(int fd, size_t size);

/* The peer's FIN, or its reset, must come now. */
void expect_end(int fd);
void expect_reset(int fd);

/* Until n bytes wait to be read. */
void await_bytes(int fd, size_t size);

/* Until the peer's kernel has acknowledged all that was sent. */
void await_acknowledgement(int fd);

void close_with_reset(int fd);

/* A line in the ledger; note() is the usual way. */
void write_ledger(struct run *run, const char *side, pid_t pid, const char *comm,
                  const union address *local, const union address *remote, size_t sent,
                  size_t received);

union address local_address(int fd);

/* This side of the session is known from here on. */
void note(struct run *run, int fd, size_t sent, size_t received);

socklen_t address_size(const union address *a);

int make_socket(const struct run *run);

void start_listening(struct run *run);

void connect_socket(const struct run *run, int fd);

int open_session(const struct run *run);

int accept_session(struct run *run);

/* A request and its reply, then the ledger. */
void client_exchange(struct run *run, int fd, long i);
void server_exchange(struct run *run, int fd, long i);

/* A socket that is bound, so that its port is known also when connect() fails. */
int make_bound_socket(const struct run *run);

#endif
