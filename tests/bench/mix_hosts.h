/* SPDX-License-Identifier: BSD-2-Clause */
/* Who speaks in the reference mix: the host's addresses and processes, and its peers. */
#ifndef BENCH_MIX_HOSTS_H
#define BENCH_MIX_HOSTS_H

#include "mix_random.h"

/* Ephemeral ports, net.ipv4.ip_local_port_range. */
#define PORT_LOW   32768u
#define PORT_COUNT 28232u

/* Sizes of the populations. */
#define CLIENTS_V4 50000u
#define CLIENTS_V6 10000u
#define CLIENTS    (CLIENTS_V4 + CLIENTS_V6)
#define APIS       2000u
#define SCANNERS   8000u
#define CHECKS     240u

enum port_habit { PORTS_OF_NAT, PORTS_OF_WINDOWS, PORTS_OF_LINUX };

/* Someone to talk to. */
struct peer {
    uint8_t address[16]; /* IPv4 in its mapped form */
    uint32_t rtt_us;     /* the smallest round-trip time */
    uint32_t jitter_us;  /* the mean of what is added to it */
    uint16_t mss;        /* for sending to it */
    uint8_t ports;       /* enum port_habit: how its own ports are chosen */
    uint32_t walk;       /* where the search for a local port towards it begins */
};

/* A process of this host. */
struct process {
    uint32_t pid;
    uint32_t uid;
    uint64_t cgroup;
    uint32_t netns;
    char comm[16];
};

/* The machines in the mix. */
struct hosts {
    struct peer client[CLIENTS]; /* the most frequent first */
    struct peer api[APIS];
    struct peer scanner[SCANNERS];
    struct peer database[5];
    struct peer monitor[12];
    struct peer backup[4];
    struct peer admin[40];
    struct peer self; /* over loopback */
    struct mix_zipf clients;
    struct mix_zipf apis;
    struct mix_zipf scanners;
};

/* The host's own addresses. */
extern const uint8_t host_public_v4[16], host_public_v6[16], host_private[16], host_container[16],
    host_loopback[16];

void hosts_init(struct hosts *ret, struct mix_random *r);

/* A port as that peer would choose it for a connection to here. */
uint16_t port_of_peer(struct mix_random *r, struct peer *peer);

/*
 * A port as Linux chooses it for a connection to that peer (__inet_hash_connect(),
 * net/ipv4/inet_hashtables.c, Linux 6.18): of one parity, a few behind the one before.
 */
uint16_t port_towards(struct mix_random *r, struct peer *peer);

#endif
