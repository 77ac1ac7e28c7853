/* SPDX-License-Identifier: BSD-2-Clause */
#include "mix_hosts.h"

#include <string.h>

#define V4(a, b, c, d)                                                                             \
    {                                                                                              \
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, d                                       \
    }

/* Of the ranges for documentation (RFC 5737, RFC 3849). */
const uint8_t host_public_v4[16] = V4(203, 0, 113, 10);
const uint8_t host_public_v6[16] = {0x20, 0x01, 0x0d, 0xb8, 0, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10};
const uint8_t host_private[16] = V4(10, 0, 1, 5);
const uint8_t host_container[16] = V4(172, 18, 0, 4);
const uint8_t host_loopback[16] = V4(127, 0, 0, 1);

/* A network of an internet provider, or of a data centre. */
struct network {
    uint8_t prefix[16];
    uint8_t bits; /* of the IPv4 address, or of the IPv6 address */
    uint32_t rtt_us;
    uint16_t mss;
};

#define NETWORKS_V4 700u
#define NETWORKS_V6 120u

/* First two bytes of what the great providers have. */
static const uint8_t v6_allocations[][2] = {{0x20, 0x01}, {0x20, 0x03}, {0x24, 0x08}, {0x24, 0x0e},
                                            {0x26, 0x00}, {0x26, 0x07}, {0x28, 0x04}, {0x2a, 0x00},
                                            {0x2a, 0x01}, {0x2a, 0x02}, {0x2a, 0x0a}};

static void random_bytes(struct mix_random *r, uint8_t *ret, int size)
{
    for (int i = 0; i < size; i++)
        ret[i] = (uint8_t)random_bits(r);
}

static void random_v4(struct mix_random *r, uint8_t ret[16])
{
    static const uint8_t mapped[16] = V4(0, 0, 0, 0);

    memcpy(ret, mapped, sizeof mapped);
    do
        random_bytes(r, ret + 12, 4);
    while (!ret[12] || ret[12] == 10 || ret[12] == 127 || ret[12] > 223);
}

static void network_init(struct mix_random *r, bool v6, uint64_t rtt_us, struct network *ret)
{
    static const uint16_t segment_sizes[] = {1460, 1460, 1460, 1460, 1460,
                                             1452, 1440, 1400, 1380, 1360};

    if (v6) {
        memset(ret->prefix, 0, sizeof ret->prefix);
        memcpy(ret->prefix, v6_allocations[random_below(r, 11)], 2);
        random_bytes(r, ret->prefix + 2, 2);
        ret->bits = (uint8_t)random_between(r, 32, 44);
    } else {
        random_v4(r, ret->prefix);
        ret->bits = (uint8_t)random_between(r, 14, 22);
    }
    ret->rtt_us = (uint32_t)random_lognormal(r, rtt_us, 900);
    ret->mss = (uint16_t)(segment_sizes[random_below(r, 10)] - (v6 ? 20 : 0));
}

static void put_host_bits(struct mix_random *r, uint8_t *bytes, int size, int bits)
{
    uint8_t host[16];

    random_bytes(r, host, size);
    for (int i = 0; i < size; i++) {
        int fixed = bits - 8 * i; /* bits of this byte that are the network's */
        uint8_t mask = fixed <= 0 ? 0xff : fixed >= 8 ? 0 : (uint8_t)(0xff >> fixed);

        bytes[i] = (uint8_t)((bytes[i] & ~mask) | (host[i] & mask));
    }
}

/* Most have a random interface identifier (RFC 8981), some one made from a hardware address. */
static void put_interface(struct mix_random *r, uint8_t bytes[16])
{
    random_bytes(r, bytes + 8, 8);
    if (random_permille(r, 150)) {
        bytes[11] = 0xff;
        bytes[12] = 0xfe;
    } else if (random_permille(r, 60)) {
        memset(bytes + 8, 0, 7);
    }
}

static void peer_init(struct mix_random *r, const struct network *network, bool v6,
                      uint32_t last_mile_us, struct peer *ret)
{
    uint32_t habit = random_below(r, 100);

    memcpy(ret->address, network->prefix, sizeof ret->address);
    if (v6) {
        put_host_bits(r, ret->address, 8, network->bits);
        put_interface(r, ret->address);
    } else {
        put_host_bits(r, ret->address + 12, 4, network->bits);
    }
    ret->rtt_us = network->rtt_us + (uint32_t)random_lognormal(r, last_mile_us, 700);
    ret->jitter_us = (uint32_t)random_lognormal(r, ret->rtt_us / 14 + 5, 900);
    ret->ports = habit < 45 ? PORTS_OF_NAT : habit < 80 ? PORTS_OF_WINDOWS : PORTS_OF_LINUX;
    /* Windows sends no time stamps, which take 12 bytes. */
    ret->mss = (uint16_t)(network->mss - (ret->ports == PORTS_OF_WINDOWS ? 0 : 12));
    ret->walk = random_below(r, PORT_COUNT);
}

/* Peers in networks of which a few have many of them. */
static void peers_init(struct mix_random *r, bool v6, uint32_t networks, uint32_t rtt_us,
                       uint32_t last_mile_us, struct peer *ret, uint32_t count)
{
    struct network network[NETWORKS_V4];
    struct mix_zipf zipf;

    random_zipf_init(&zipf, networks);
    for (uint32_t i = 0; i < networks; i++)
        network_init(r, v6, rtt_us, &network[i]);
    for (uint32_t i = 0; i < count; i++)
        peer_init(r, &network[random_zipf(r, &zipf)], v6, last_mile_us, &ret[i]);
}

static void shuffle(struct mix_random *r, struct peer *peers, uint32_t count)
{
    for (uint32_t i = count - 1; i > 0; i--) {
        uint32_t other = random_below(r, i + 1);
        struct peer peer = peers[i];

        peers[i] = peers[other];
        peers[other] = peer;
    }
}

/* Machines of the own data centre: 10.0.net.first and following. */
static void neighbours_init(struct mix_random *r, uint8_t net, uint8_t first, struct peer *ret,
                            uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t address[16] = V4(10, 0, net, (uint8_t)(first + i));

        memcpy(ret[i].address, address, sizeof address);
        ret[i].rtt_us = (uint32_t)random_lognormal(r, 150, 300);
        ret[i].jitter_us = ret[i].rtt_us / 5;
        ret[i].mss = 1448;
        ret[i].ports = PORTS_OF_LINUX;
        ret[i].walk = random_below(r, PORT_COUNT);
    }
}

void hosts_init(struct hosts *ret, struct mix_random *r)
{
    peers_init(r, false, NETWORKS_V4, 24000, 8000, ret->client, CLIENTS_V4);
    peers_init(r, true, NETWORKS_V6, 20000, 7000, ret->client + CLIENTS_V4, CLIENTS_V6);
    shuffle(r, ret->client, CLIENTS);
    peers_init(r, false, 60, 9000, 600, ret->api, APIS * 7 / 10);
    peers_init(r, true, 30, 8000, 600, ret->api + APIS * 7 / 10, APIS - APIS * 7 / 10);
    shuffle(r, ret->api, APIS);
    peers_init(r, false, NETWORKS_V4, 70000, 3000, ret->scanner, SCANNERS);
    peers_init(r, false, 12, 15000, 5000, ret->admin, 40);
    neighbours_init(r, 2, 11, ret->database, 5);
    neighbours_init(r, 3, 21, ret->monitor, 12);
    neighbours_init(r, 4, 31, ret->backup, 4);
    neighbours_init(r, 0, 0, &ret->self, 1);
    memcpy(ret->self.address, host_loopback, sizeof ret->self.address);
    ret->self.rtt_us = 3;
    ret->self.jitter_us = 8;
    ret->self.mss = 32768;
    random_zipf_init(&ret->clients, CLIENTS);
    random_zipf_init(&ret->apis, APIS);
    random_zipf_init(&ret->scanners, SCANNERS);
}

uint16_t port_of_peer(struct mix_random *r, struct peer *peer)
{
    switch (peer->ports) {
    case PORTS_OF_WINDOWS:
        return (uint16_t)random_between(r, 49152, 65535);
    case PORTS_OF_LINUX:
        return port_towards(r, peer); /* to it, this host is one destination */
    default:
        return (uint16_t)random_between(r, 1024, 65535);
    }
}

uint16_t port_towards(struct mix_random *r, struct peer *peer)
{
    uint16_t port = (uint16_t)(PORT_LOW + (peer->walk & ~1u));

    /* A little randomness, which the kernel leaves out where it had to pass as many used ports. */
    peer->walk = (peer->walk + 2 * random_below(r, 8) + 2) % PORT_COUNT;
    return port;
}
