/* SPDX-License-Identifier: BSD-2-Clause */
#include "memory_file.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static int memory_write(void *context, const void *data, size_t size)
{
    struct memory_file *f = context;

    if (f->fail_at && f->size + size > f->fail_at)
        return -ENOSPC;
    f->data = realloc(f->data, f->size + size + 1);
    assert_non_null(f->data);
    memcpy(f->data + f->size, data, size);
    f->size += size;
    return 0;
}

static ssize_t memory_read(void *context, void *data, size_t size)
{
    struct memory_file *f = context;
    size_t n = f->size - f->read_offset;

    n = n < size ? n : size;
    if (f->read_step && n > f->read_step)
        n = f->read_step;
    if (n)
        memcpy(data, f->data + f->read_offset, n);
    f->read_offset += n;
    f->read_total += n;
    return (ssize_t)n;
}

static ssize_t memory_read_at(void *context, uint64_t offset, void *data, size_t size)
{
    struct memory_file *f = context;

    f->read_offset = offset < f->size ? (size_t)offset : f->size;
    return memory_read(f, data, size);
}

struct tlz_output memory_output(struct memory_file *file)
{
    return (struct tlz_output){memory_write, file};
}

struct tlz_input memory_input(struct memory_file *file)
{
    file->read_offset = 0;
    return (struct tlz_input){memory_read, file};
}

struct tlz_input memory_input_at(struct memory_file *file)
{
    file->read_total = 0;
    return (struct tlz_input){.read_at = memory_read_at, .context = file, .size = file->size};
}

void memory_file_free(struct memory_file *file)
{
    free(file->data);
    *file = (struct memory_file){0};
}

uint64_t random_next(uint64_t *seed)
{
    uint64_t z = *seed += 0x9e3779b97f4a7c15;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

static uint64_t below(uint64_t *seed, uint64_t limit)
{
    return random_next(seed) % limit;
}

static void set_process(struct tlz_row *s, enum tlz_field pid, enum tlz_field comm, uint64_t number)
{
    static const char *const names[] = {"nginx", "postgres", "curl", "java", "sshd"};
    const char *name = names[number % 5];

    tlz_row_set(s, pid, 1000 + number);
    tlz_row_set_name(s, comm, name, strlen(name));
}

static void set_times(uint64_t *seed, uint64_t close_us, bool out, struct tlz_row *s)
{
    uint64_t handshake = 20 + below(seed, 2000),
             established = below(seed, 1 << (4 + below(seed, 26)));
    uint64_t first = below(seed, 500), second = below(seed, 5000);

    tlz_row_set(s, out ? TLZ_SYN_SENT_US : TLZ_SYN_RECV_US, handshake);
    tlz_row_set(s, TLZ_IN_ESTABLISHED_US, established);
    tlz_row_set(s, out ? TLZ_FIN_WAIT1_US : TLZ_CLOSE_WAIT_US, first);
    tlz_row_set(s, out ? TLZ_FIN_WAIT2_US : TLZ_LAST_ACK_US, second);
    tlz_row_set(s, TLZ_CLOSE_US, close_us);
    tlz_row_set(s, TLZ_FIN_US, close_us - second - first);
    tlz_row_set(s, TLZ_ESTABLISHED_US, close_us - second - first - established);
    tlz_row_set(s, TLZ_OPEN_US, close_us - second - first - established - handshake);
}

static void set_counters(uint64_t *seed, struct tlz_row *s)
{
    uint64_t tx = below(seed, 1 << (6 + below(seed, 20))),
             rx = below(seed, 1 << (6 + below(seed, 20)));
    uint64_t retransmitted = below(seed, 50) ? 0 : below(seed, 3000);

    tlz_row_set(s, TLZ_TX_BYTES, tx + 1);
    tlz_row_set(s, TLZ_RX_BYTES, rx + 1);
    tlz_row_set(s, TLZ_SENT_BYTES, tx + retransmitted);
    tlz_row_set(s, TLZ_RETRANS_BYTES, retransmitted);
    tlz_row_set(s, TLZ_SEGS_OUT, 5 + tx / 1448);
    tlz_row_set(s, TLZ_SEGS_IN, 5 + rx / 1448);
    tlz_row_set(s, TLZ_RETRANS_SEGS, retransmitted ? 2 : 0);
    tlz_row_set(s, TLZ_SRTT_US, 30 + below(seed, 1000));
    if (below(seed, 10))
        tlz_row_set(s, TLZ_MIN_RTT_US, 10 + below(seed, 500));
    tlz_row_set(s, TLZ_MSS, below(seed, 5) ? 1448 : 1460);
    tlz_row_set(s, TLZ_CWND, 10);
}

static void set_peer(uint64_t *seed, bool out, struct tlz_row *s)
{
    uint8_t host[4] = {192, 0, 2, 1}, peer[4] = {198, 51, 100, (uint8_t)below(seed, 200)};
    uint8_t v6[16] = {
        0x20, 1, 0xd, 0xb8, [14] = (uint8_t)below(seed, 4), [15] = (uint8_t)below(seed, 256)};
    uint64_t service = below(seed, 3) ? 443 : 5432, ephemeral = 32768 + below(seed, 28000);
    struct tlz_bytes address;

    tlz_address_from_v4(&address, host);
    tlz_row_set_address(s, TLZ_LADDR, address.b);
    tlz_address_from_v4(&address, peer);
    tlz_row_set_address(s, TLZ_RADDR, below(seed, 4) ? address.b : v6);
    tlz_row_set(s, TLZ_LPORT, out ? ephemeral : service);
    tlz_row_set(s, TLZ_RPORT, out ? service : ephemeral);
    tlz_row_set(s, TLZ_DIRECTION, out ? TLZ_DIRECTION_OUT : TLZ_DIRECTION_IN);
}

void random_session(uint64_t *seed, uint64_t close_us, struct tlz_row *ret)
{
    bool out = below(seed, 3) == 0;
    uint64_t process = below(seed, 12);

    tlz_row_clear(ret);
    set_times(seed, close_us, out, ret);
    set_peer(seed, out, ret);
    set_counters(seed, ret);
    set_process(ret, TLZ_CLOSER_PID, TLZ_CLOSER_COMM, process);
    if (out)
        set_process(ret, TLZ_CONNECT_PID, TLZ_CONNECT_COMM, process);
    else
        set_process(ret, TLZ_LISTEN_PID, TLZ_LISTEN_COMM, process / 4);
    tlz_row_set(ret, TLZ_UID, process % 3);
    tlz_row_set(ret, TLZ_NETNS, 4026531840);
    tlz_row_set(ret, TLZ_CGROUP, 7000 + process / 2);
    tlz_row_set(ret, TLZ_V6_SOCKET, 0);
    tlz_row_set(ret, TLZ_MPTCP, 0);
    tlz_row_set(ret, TLZ_MARK, 0);
    tlz_row_set_name(ret, TLZ_CONGESTION, "cubic", 5);
    tlz_row_set(ret, TLZ_END, out ? TLZ_END_CLOSED_HERE : TLZ_END_CLOSED_THERE);
    tlz_row_set(ret, TLZ_ERROR, 0);
    tlz_row_set(ret, TLZ_LAST_STATE, out ? TLZ_STATE_FIN_WAIT2 : TLZ_STATE_LAST_ACK);
    tlz_row_set(ret, TLZ_BEFORE_START, 0);
    tlz_row_set(ret, TLZ_FIN_RECEIVED, 1);
    tlz_row_set(ret, TLZ_COOKIE, close_us / 3 + below(seed, 20));
}

void wild_row(enum tlz_kind kind, uint64_t *seed, struct tlz_row *ret)
{
    tlz_row_clear(ret);
    for (size_t i = 0; i < tlz_kinds[kind].count; i++) {
        enum tlz_field f = tlz_kinds[kind].order[i];
        uint64_t bits = random_next(seed), low = random_next(seed);
        bool required = f == tlz_kinds[kind].time || f == TLZ_LADDR || f == TLZ_RADDR ||
                        f == TLZ_LPORT || f == TLZ_RPORT;

        if (!tlz_fields[f].number || (!required && bits % 4 == 0))
            continue;
        if (tlz_type_is_bytes(tlz_fields[f].type)) {
            uint8_t bytes[16];

            memcpy(bytes, &bits, 8);
            memcpy(bytes + 8, &low, 8);
            tlz_row_set_address(ret, f, bytes);
        } else {
            uint64_t value = low >> (bits >> 8) % 64;

            tlz_row_set(ret, f,
                        tlz_fields[f].max == UINT64_MAX ? value : value % (tlz_fields[f].max + 1));
        }
    }
}

void assert_rows_equal(enum tlz_kind kind, const struct tlz_row *a, const struct tlz_row *b)
{
    TLZ_FOREACH_FIELD(f) {
        if (!tlz_fieldset_has(&tlz_kinds[kind].fields, f)) {
            assert_false(tlz_row_has(b, f));
            continue;
        }
        if (!tlz_fields[f].number || f == TLZ_SERVICE)
            continue;
        if (tlz_row_has(a, f) != tlz_row_has(b, f))
            fail_msg("%s is %s", tlz_fields[f].name, tlz_row_has(a, f) ? "lost" : "made up");
        if (!tlz_row_has(a, f))
            continue;
        if (tlz_type_is_bytes(tlz_fields[f].type))
            assert_memory_equal(a->value[f].bytes.b, b->value[f].bytes.b, 16);
        else if (a->value[f].u != b->value[f].u)
            fail_msg("%s: %ju became %ju", tlz_fields[f].name, (uintmax_t)a->value[f].u,
                     (uintmax_t)b->value[f].u);
    }
}

struct tlz_writer *open_writer(struct memory_file *file, int level, uint32_t *ret_source)
{
    struct tlz_output output = memory_output(file);
    struct tlz_writer_options options = {.level = level};
    struct tlz_metadata *meta = tlz_metadata_new();
    struct tlz_writer *w = NULL;
    const uint8_t id[16] = {1, 2, 3};

    assert_non_null(meta);
    assert_int_equal(tlz_metadata_set_id(meta, id), 0);
    assert_int_equal(tlz_metadata_set_text(meta, TLZ_META_HOST, "web1"), 0);
    assert_int_equal(tlz_writer_open(&w, &output, &options, meta), 0);
    assert_int_equal(tlz_writer_add_source(w, meta, ret_source), 0);
    tlz_metadata_free(meta);
    return w;
}
