/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fields of bcc's tcpstates -Y. Names go as the bytes that they are, but into MESSAGE, which
 * people read, as text does. Unlike bcc's, OBJECT_COMM is sent by root, too: the journal would ask
 * a process of today for it. For the same reason there is TCPLIFE_TIME_US: when it happened, and
 * not when it was told.
 */
#include "report/sink/journal_entries.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include "report/style/style_tcpstates.h"
#include "report/text/append.h"
#include "report/text/escape.h"
#include "util/message.h"

const char *const *const journal_columns = tcpstates_columns;
const size_t journal_column_count = TCPSTATES_CELLS;

#if REPORT_JOURNAL

#define SD_JOURNAL_SUPPRESS_LOCATION /* of our source it says nothing to anybody */
#include <systemd/sd-journal.h>

const char *const journal_lacks = NULL;

/* Where libsystemd sends it. Where there is nothing it drops entries without a word. */
#define JOURNAL_SOCKET "/run/systemd/journal/socket"

#define ENTRY_ROOM   2048 /* more than all fields take, names escaped */
#define ENTRY_FIELDS 16

struct entry {
    char bytes[ENTRY_ROOM];
    char *end;
    struct iovec fields[ENTRY_FIELDS];
    int count;
};

struct journal {
    struct sink sink;
    struct sink *next;
    size_t places[TCPSTATES_CELLS]; /* of the cells, among those of a row */
    uint64_t entries;
};

/* 0, or -ECANCELED after saying that no journal takes entries. */
static int check_socket(void)
{
    struct stat status;

    if (stat(JOURNAL_SOCKET, &status) == 0)
        return 0;
    message_error("--journal: no journal takes entries here: %s: %s", JOURNAL_SOCKET,
                  strerror(errno));
    return -ECANCELED;
}

static int journal_begin(struct sink *sink, const struct table *table)
{
    return sink_begin(((struct journal *)sink)->next, table);
}

/* Begins "NAME=" and returns where the value goes, which end_field() ends. */
static char *begin_field(struct entry *e, const char *name)
{
    e->fields[e->count].iov_base = e->end;
    return append_char(append_string(e->end, name), '=');
}

static void end_field(struct entry *e, char *p)
{
    e->fields[e->count++].iov_len = (size_t)(p - e->end);
    e->end = p;
}

static void add_text(struct entry *e, const char *name, const char *text)
{
    end_field(e, append_string(begin_field(e, name), text));
}

/* What is absent has no field. */
static void add_number(struct entry *e, const char *name, const struct cell *cell)
{
    if (cell->present)
        end_field(e, append_u64(begin_field(e, name), cell->value.u));
}

static void add_state(struct entry *e, const char *name, const struct cell *cell)
{
    char text[APPEND_NUMBER_MAX + 1];

    if (cell->present)
        add_text(e, name, tcpstates_state_name(cell, "", text));
}

static void add_address(struct entry *e, const char *v4_name, const char *v6_name,
                        const struct cell *cells, enum tcpstates_cell which)
{
    const char *name = *tcpstates_ip(cells, "4") == '6' ? v6_name : v4_name;

    end_field(e, tcpstates_append_address(begin_field(e, name), cells, which, "-"));
}

static size_t comm_size(const struct cell *comm)
{
    return strnlen((const char *)comm->value.bytes.b, sizeof comm->value.bytes.b);
}

static char *append_port(char *p, const struct cell *port)
{
    return append_u64(append_char(p, ' '), port->value.u);
}

/* "nginx 192.0.2.1 443 → 198.51.100.7 50412 ESTABLISHED → FIN_WAIT1" */
static void add_message(struct entry *e, const struct cell *cells)
{
    const struct cell *comm = &cells[TCPSTATES_COMM];
    char text[APPEND_NUMBER_MAX + 1];
    char *p = begin_field(e, "MESSAGE");
    size_t width = 0;

    p = comm->present ? escape_text(p, comm->value.bytes.b, comm_size(comm), SIZE_MAX, &width)
                      : append_char(p, '-');
    p = append_char(p, ' ');
    p = tcpstates_append_address(p, cells, TCPSTATES_LADDR, "-");
    p = append_port(p, &cells[TCPSTATES_LPORT]);
    p = append_string(p, " → ");
    p = tcpstates_append_address(p, cells, TCPSTATES_RADDR, "-");
    p = append_port(p, &cells[TCPSTATES_RPORT]);
    p = append_char(p, ' ');
    p = append_string(p, tcpstates_state_name(&cells[TCPSTATES_OLD_STATE], "-", text));
    p = append_string(p, " → ");
    end_field(e, append_string(p, tcpstates_state_name(&cells[TCPSTATES_NEW_STATE], "-", text)));
}

static void fill_entry(struct entry *e, const struct cell *cells)
{
    const struct cell *comm = &cells[TCPSTATES_COMM], *in_old = &cells[TCPSTATES_IN_OLD_US];

    e->end = e->bytes;
    e->count = 0;
    add_message(e, cells);
    add_text(e, "SYSLOG_IDENTIFIER", "tcpstates");
    add_text(e, "PRIORITY", "5");
    add_number(e, "OBJECT_PID", &cells[TCPSTATES_PID]);
    if (comm->present)
        end_field(
            e, append_bytes(begin_field(e, "OBJECT_COMM"), comm->value.bytes.b, comm_size(comm)));
    add_address(e, "OBJECT_IPV4_SOURCE_ADDRESS", "OBJECT_IPV6_SOURCE_ADDRESS", cells,
                TCPSTATES_LADDR);
    add_number(e, "OBJECT_TCP_SOURCE_PORT", &cells[TCPSTATES_LPORT]);
    add_address(e, "OBJECT_IPV4_DESTINATION_ADDRESS", "OBJECT_IPV6_DESTINATION_ADDRESS", cells,
                TCPSTATES_RADDR);
    add_number(e, "OBJECT_TCP_DESTINATION_PORT", &cells[TCPSTATES_RPORT]);
    add_state(e, "OBJECT_TCP_OLD_STATE", &cells[TCPSTATES_OLD_STATE]);
    add_state(e, "OBJECT_TCP_NEW_STATE", &cells[TCPSTATES_NEW_STATE]);
    /* What the peer does not know is 0 to it. */
    end_field(e, append_u64(begin_field(e, "OBJECT_TCP_SPAN_TIME"),
                            in_old->present ? in_old->value.u : 0));
    add_number(e, "TCPLIFE_TIME_US", &cells[TCPSTATES_TIME_US]);
}

static int journal_row(struct sink *sink, const struct row *row)
{
    struct journal *j = (struct journal *)sink;
    struct cell cells[TCPSTATES_CELLS];
    struct entry entry;
    int r;

    for (size_t i = 0; i < TCPSTATES_CELLS; i++)
        cells[i] = row->cells[j->places[i]];
    fill_entry(&entry, cells);
    r = sd_journal_sendv(entry.fields, entry.count);
    if (r < 0) {
        message_error("--journal: after %" PRIu64 " entries: %s: %s", j->entries, JOURNAL_SOCKET,
                      strerror(-r));
        return -ECANCELED;
    }
    j->entries++;
    return sink_row(j->next, row);
}

static int journal_learn(struct sink *sink, const struct fact *fact)
{
    return sink_learn(((struct journal *)sink)->next, fact);
}

static int journal_flush(struct sink *sink)
{
    return sink_flush(((struct journal *)sink)->next);
}

static int journal_end(struct sink *sink)
{
    const struct journal *j = (const struct journal *)sink;
    int r = sink_end(j->next);

    if (r == 0)
        r = check_socket();
    if (r == 0)
        message_notice("%" PRIu64 " entr%s written to the journal", j->entries,
                       j->entries == 1 ? "y" : "ies");
    return r;
}

static void journal_free(struct sink *sink)
{
    free(sink);
}

static const struct sink_type journal_type = {
    .begin = journal_begin,
    .row = journal_row,
    .learn = journal_learn,
    .flush = journal_flush,
    .end = journal_end,
    .free = journal_free,
};

static void find_places(struct journal *j, const struct column *const *columns, size_t cells)
{
    for (size_t wanted = 0; wanted < TCPSTATES_CELLS; wanted++)
        for (size_t i = 0; i < cells; i++)
            if (!strcmp(columns[i]->name, tcpstates_columns[wanted]))
                j->places[wanted] = i;
}

int journal_entries_open(struct sink **ret, struct sink *next, const struct column *const *columns,
                         size_t cells, struct confinement *confinement)
{
    struct journal *j;
    int r = check_socket();

    if (r < 0)
        return r;
    j = calloc(1, sizeof *j);
    if (!j)
        return -ENOMEM;
    j->sink.type = &journal_type;
    j->next = next;
    find_places(j, columns, cells);
    confine_allow_journal(confinement);
    *ret = &j->sink;
    return 0;
}

#else

const char *const journal_lacks =
    "libsystemd: install its development files and build again with -Djournal=enabled";

int journal_entries_open(struct sink **ret, struct sink *next, const struct column *const *columns,
                         size_t cells, struct confinement *confinement)
{
    (void)ret;
    (void)next;
    (void)columns;
    (void)cells;
    (void)confinement;
    return -ENOSYS;
}

#endif
