/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/pair/pair_columns.h"

#include <string.h>

/* Each end's, in this order, of the client and then of the server; and what both tell. */
enum {
    HOST,
    ADDR,
    PORT,
    PID,
    COMM,
    OPEN_US,
    CLOSE_US,
    TX_BYTES,
    RX_BYTES,
    RETRANS_BYTES,
    MIN_RTT_US,
    END,
    SIDE_COLUMNS
};
enum {
    SAME_HOST = 2 * SIDE_COLUMNS,
    TO_SERVER_MISSING,
    TO_CLIENT_MISSING,
    CLOSED,
    OFFSET,
    OFFSET_LEAST,
    OFFSET_MOST,
    COLUMNS
};

/* SIDE is client or server: its heading in text, and what is shown there unasked. */
#define SIDE_OF(side, Heading, who)                                                                \
    {side "_host", NULL, "the host of " who ", or the file of one that does not say",              \
     COLUMN_TEXT},                                                                                 \
        {side "_addr", Heading, "the address of " who, TLZ_TYPE_ADDRESS},                          \
        {side "_port", "PORT", "its port", TLZ_TYPE_ID},                                           \
        {side "_pid", NULL, "its owner's process id", TLZ_TYPE_ID, .is_detail = true},             \
        {side "_comm", NULL, "its owner's command name", TLZ_TYPE_NAME, .is_detail = true},        \
        {side "_open_us", NULL, "when its first state was seen, by its clock", TLZ_TYPE_TIME,      \
         .is_detail = true},                                                                       \
        {side "_close_us", NULL, "when it ended there, by its clock", TLZ_TYPE_TIME,               \
         .is_detail = true},                                                                       \
        {side "_tx_payload_bytes", Heading "_TX", "payload that it sent at least once",            \
         TLZ_TYPE_BYTES},                                                                          \
        {side "_rx_payload_bytes", Heading "_RX", "payload that it received in order",             \
         TLZ_TYPE_BYTES},                                                                          \
        {side "_retrans_bytes", NULL, "payload that it retransmitted", TLZ_TYPE_BYTES,             \
         .is_detail = true},                                                                       \
        {side "_min_rtt_us", NULL, "the smallest round-trip time that it saw", TLZ_TYPE_DURATION,  \
         .is_detail = true},                                                                       \
    {                                                                                              \
        side "_end", NULL, "how it ended, as that side saw it", TLZ_TYPE_ENUM, TLZ_ENUM_END        \
    }

const struct column pair_columns[COLUMNS] = {
    SIDE_OF("client", "CLIENT", "the side that connected"),
    SIDE_OF("server", "SERVER", "the other side"),
    {"same_host", NULL, "both ends are on one host", TLZ_TYPE_BOOL, .is_detail = true},
    {"to_server_missing_bytes", NULL,
     "payload that the client sent and the server did not receive in order", TLZ_TYPE_BYTES,
     .is_detail = true},
    {"to_client_missing_bytes", NULL,
     "payload that the server sent and the client did not receive in order", TLZ_TYPE_BYTES,
     .is_detail = true},
    {"closed", NULL,
     "who ended it: client, server, both at once, or neither, where each says that the other did",
     COLUMN_TEXT},
    {"offset_us", NULL, "the server's clock less the client's, as this session tells it",
     COLUMN_SHIFT},
    {"offset_least_us", NULL, "... it is not less than this", COLUMN_SHIFT, .is_detail = true},
    {"offset_most_us", NULL, "... nor more than this", COLUMN_SHIFT, .is_detail = true},
};
const size_t pair_column_count = COLUMNS;

enum {
    BETWEEN_HOST,
    BETWEEN_OTHER,
    SESSIONS,
    ESTIMATES,
    MEDIAN,
    SPREAD,
    LEAST,
    MOST,
    HOST_COLUMNS
};

const struct column pair_host_columns[HOST_COLUMNS] = {
    [BETWEEN_HOST] = {"host", NULL, "a host, or the file of one that does not say", COLUMN_TEXT},
    [BETWEEN_OTHER] = {"other", NULL, "where the other end is; absent = in no capture",
                       COLUMN_TEXT},
    [SESSIONS] = {"sessions", NULL, "how many", TLZ_TYPE_COUNT},
    [ESTIMATES] = {"estimates", NULL, "of them, those that tell of the clocks", TLZ_TYPE_COUNT},
    [MEDIAN] = {"offset_us", NULL, "the other's clock less the host's: the median", COLUMN_SHIFT},
    [SPREAD] = {"offset_spread_us", NULL, "half of the estimates are no farther from it",
                TLZ_TYPE_DURATION},
    [LEAST] = {"offset_least_us", NULL, "by every session, it is not less than this", COLUMN_SHIFT},
    [MOST] = {"offset_most_us", NULL, "... nor more than this", COLUMN_SHIFT},
};
const size_t pair_host_column_count = HOST_COLUMNS;

static struct cell shift_cell(bool present, int64_t us)
{
    return (struct cell){.value.u = (uint64_t)us, .present = present};
}

static struct cell number_cell(const struct pair_session *s, enum pair_value value, uint64_t u)
{
    return (struct cell){.value.u = u, .present = pair_session_has(s, value)};
}

static struct cell bytes_cell(const struct flow_codes *codes, uint32_t code)
{
    if (code == FLOW_CODE_ABSENT)
        return (struct cell){.present = false};
    return (struct cell){.value.bytes = flow_codes_value(codes, code)->bytes, .present = true};
}

static struct cell name_cell(const struct pair_host *host)
{
    return cell_text(host->name, host->name_size);
}

static struct cell side_cell(const struct pair_join *join, const struct pair_session *s,
                             size_t column)
{
    switch (column) {
    case HOST:
        return name_cell(&join->hosts->host[join->hosts->of[s->source]]);
    case ADDR:
        return bytes_cell(&join->sessions->addresses, s->laddr);
    case PORT:
        return cell_number(s->lport);
    case PID:
        return number_cell(s, PAIR_PID, s->pid);
    case COMM:
        return bytes_cell(&join->sessions->comms, s->comm);
    case OPEN_US:
        return number_cell(s, PAIR_OPEN, s->open_us);
    case CLOSE_US:
        return cell_number(s->close_us);
    case TX_BYTES:
        return number_cell(s, PAIR_TX, s->tx_bytes);
    case RX_BYTES:
        return number_cell(s, PAIR_RX, s->rx_bytes);
    case RETRANS_BYTES:
        return number_cell(s, PAIR_RETRANS, s->retrans_bytes);
    case MIN_RTT_US:
        return number_cell(s, PAIR_MIN_RTT, s->min_rtt_us);
    default:
        return (struct cell){.value.u = s->end, .present = s->end != TLZ_END_UNKNOWN};
    }
}

/* What is sent and does not come. More may come than is known to be sent, where that was before the
 * recording: then it is not known. */
static struct cell missing_cell(const struct pair_session *from, const struct pair_session *to)
{
    bool is_known = pair_session_has(from, PAIR_TX) && pair_session_has(to, PAIR_RX) &&
                    from->tx_bytes >= to->rx_bytes;

    return (struct cell){.value.u = from->tx_bytes - to->rx_bytes, .present = is_known};
}

enum { NOBODY, HERE, THERE };

/* Who ended it, as this end has it. */
static int blame(const struct pair_session *s)
{
    switch ((enum tlz_end)s->end) {
    case TLZ_END_CLOSED_HERE:
    case TLZ_END_RESET_HERE:
    case TLZ_END_GAVE_UP:
    case TLZ_END_UNACCEPTED:
    case TLZ_END_DISCONNECTED:
        return HERE;
    case TLZ_END_CLOSED_THERE:
    case TLZ_END_RESET_THERE:
    case TLZ_END_REFUSED:
        return THERE;
    default:
        return NOBODY;
    }
}

static struct cell closed_cell(const struct pair_session *client, const struct pair_session *server)
{
    static const char *const names[3][3] = {
        /* the server's: NOBODY, HERE, THERE */
        [NOBODY] = {"", "server", "client"},
        [HERE] = {"client", "both", "client"},
        [THERE] = {"server", "server", "neither"},
    };
    const char *name = names[blame(client)][blame(server)];
    struct cell cell = cell_text(name, strlen(name));

    cell.present = cell.value.text.size > 0;
    return cell;
}

struct cell pair_cell(const struct pair_join *join, struct pair_ends ends, size_t column)
{
    const struct pair_session *client = &join->sessions->session[ends.client];
    const struct pair_session *server = &join->sessions->session[ends.server];
    const struct pair_offset o = pair_offset_of(client, server);

    if (column < SAME_HOST)
        return side_cell(join, column < SIDE_COLUMNS ? client : server, column % SIDE_COLUMNS);
    switch (column) {
    case SAME_HOST:
        return cell_number(join->hosts->of[client->source] == join->hosts->of[server->source]);
    case TO_SERVER_MISSING:
        return missing_cell(client, server);
    case TO_CLIENT_MISSING:
        return missing_cell(server, client);
    case CLOSED:
        return closed_cell(client, server);
    case OFFSET:
        return shift_cell(o.is_known, o.us);
    case OFFSET_LEAST:
        return shift_cell(o.has_least, o.least);
    default:
        return shift_cell(o.has_most, o.most);
    }
}

struct cell pair_between_cell(const struct pair_join *join, const struct pair_between *between,
                              size_t column)
{
    switch (column) {
    case BETWEEN_HOST:
        return name_cell(&join->hosts->host[between->host]);
    case BETWEEN_OTHER:
        return name_cell(&join->hosts->host[between->other]);
    case SESSIONS:
        return cell_number(between->sessions);
    case ESTIMATES:
        return cell_number(between->samples);
    case MEDIAN:
        return shift_cell(between->offset.is_known, between->offset.us);
    case SPREAD:
        return (struct cell){.value.u = between->spread_us, .present = between->offset.is_known};
    case LEAST:
        return shift_cell(between->offset.has_least, between->offset.least);
    default:
        return shift_cell(between->offset.has_most, between->offset.most);
    }
}

struct cell pair_alone_cell(const struct pair_host *host, size_t column)
{
    if (column == BETWEEN_HOST)
        return name_cell(host);
    if (column == SESSIONS)
        return cell_number(host->sessions - host->paired);
    return (struct cell){.present = false};
}
