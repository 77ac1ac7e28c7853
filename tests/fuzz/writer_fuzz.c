/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A writer that does what the bytes tell it to do: sources, sessions, changes of state, losses,
 * names. What is read back is what went in, in the same order of each kind and field by field; with
 * all fields, with a few, and in a window of time, where the index tells what may be passed over.
 */
#include <errno.h>
#include <stdlib.h>

#include "fuzz.h"
#include "fuzz_bytes.h"
#include "fuzz_events.h"
#include "fuzz_memory.h"

#define ROWS_MAX    2000 /* of a kind: enough for blocks that are not compressed as a whole */
#define EVENTS_MAX  2000
#define SOURCES_MAX 20
#define LEVELS      5

struct script {
    struct fuzz_bytes bytes;
    struct tlz_writer *writer;
    struct row_event *row[TLZ_KINDS]; /* ROWS_MAX of them */
    size_t rows[TLZ_KINDS];
    struct event *event; /* EVENTS_MAX of them */
    size_t events;
    uint32_t sources;
    uint32_t source; /* of the next events */
    struct tlz_clock clock;
    struct tlz_row last[TLZ_KINDS]; /* of which the next one is made */
    uint64_t lost[TLZ_KINDS];
};

static struct event *add_event(struct script *s, enum tlz_item_kind kind)
{
    struct event *e = &s->event[s->events++];

    *e = (struct event){.kind = kind, .source = s->source};
    memcpy(e->before, s->rows, sizeof e->before);
    return e;
}

static size_t take_text(struct script *s, char *ret, size_t room)
{
    size_t size = fuzz_take8(&s->bytes) % room;

    fuzz_take(&s->bytes, ret, size);
    return size;
}

static void add_source(struct script *s)
{
    struct tlz_metadata *meta = tlz_metadata_new();
    struct event *e;
    size_t size;

    assert(meta);
    s->source = ++s->sources;
    e = add_event(s, TLZ_ITEM_SOURCE);
    size = take_text(s, e->text, sizeof e->text);
    e->name.size = size;
    assert(tlz_metadata_set_bytes(meta, TLZ_META_HOST, e->text, size) == 0);
    assert(tlz_writer_add_source(s->writer, meta, &s->source) == 0 && s->source == s->sources);
    tlz_metadata_free(meta);
}

static void add_loss(struct script *s)
{
    struct event *e = add_event(s, TLZ_ITEM_LOSS);

    e->loss = (struct tlz_loss){.cause = (enum tlz_loss_cause)fuzz_take8(&s->bytes),
                                .count = fuzz_take_integer(&s->bytes),
                                .from_us = fuzz_take_integer(&s->bytes),
                                .to_us = fuzz_take_integer(&s->bytes)};
    e->loss.kind = e->loss.count % 2 ? TLZ_STATES : TLZ_SESSIONS;
    s->lost[e->loss.kind] += e->loss.count;
    assert(tlz_writer_add_loss(s->writer, s->source, &e->loss) == 0);
}

/* One with an odd number comes before the rows that wait in the writer. */
static void add_name(struct script *s)
{
    struct event *e = add_event(s, TLZ_ITEM_NAME);
    struct tlz_writer_stats stats;
    int r;

    e->name.kind = (enum tlz_name_kind)fuzz_take8(&s->bytes);
    e->name.id = fuzz_take_integer(&s->bytes);
    e->name.size = take_text(s, e->text, sizeof e->text);
    e->name.text = e->text;
    tlz_writer_stats(s->writer, &stats);
    for (enum tlz_kind kind = 0; e->name.id % 2 && kind < TLZ_KINDS; kind++)
        e->before[kind] -= stats.of[kind].pending;
    r = e->name.id % 2 ? tlz_writer_add_name_before(s->writer, s->source, &e->name)
                       : tlz_writer_add_name(s->writer, s->source, &e->name);
    assert(r == 0);
}

/* Whether the writer must take it, by what tlz_writer_add_row() promises. It makes `service`
 * itself. */
static bool is_valid(enum tlz_kind kind, const struct tlz_row *row)
{
    const enum tlz_field required[] = {tlz_kinds[kind].time, TLZ_LADDR, TLZ_LPORT, TLZ_RADDR,
                                       TLZ_RPORT};

    for (size_t i = 0; i < sizeof required / sizeof *required; i++)
        if (!tlz_row_has(row, required[i]))
            return false;
    TLZ_FOREACH_FIELD(f) {
        if (tlz_row_has(row, f) && tlz_fieldset_has(&tlz_kinds[kind].fields, f) &&
            tlz_fields[f].number && f != TLZ_SERVICE && !tlz_type_is_bytes(tlz_fields[f].type) &&
            tlz_fields[f].type != TLZ_TYPE_TIME && row->value[f].u > tlz_fields[f].max)
            return false;
    }
    return true;
}

/* A time that is none in Unix time is left out, and that of the kind is not. */
static bool leave_out_times(enum tlz_kind kind, struct tlz_row *row, const struct tlz_clock *clock)
{
    TLZ_FOREACH_FIELD(f) {
        if (!tlz_row_has(row, f) || tlz_fields[f].type != TLZ_TYPE_TIME ||
            row->value[f].u + clock->real_us - clock->boot_us <= INT64_MAX)
            continue;
        if (f == tlz_kinds[kind].time)
            return false;
        tlz_fieldset_remove(&row->present, f);
    }
    return true;
}

static void add_row(struct script *s, enum tlz_kind kind)
{
    struct tlz_row kept = s->last[kind];
    bool valid = is_valid(kind, &kept) && leave_out_times(kind, &kept, &s->clock);
    int r = tlz_writer_add_row(s->writer, kind, s->source, &s->clock, &s->last[kind]);

    assert(r == (valid ? 0 : -EINVAL));
    if (!valid)
        return;
    s->row[kind][s->rows[kind]++] = (struct row_event){s->source, s->clock, kept};
}

/* The next row is the last one of its kind, but for a few fields. */
static void change_row(struct script *s, enum tlz_kind kind)
{
    const struct tlz_kind_info *info = &tlz_kinds[kind];

    for (unsigned int n = fuzz_take8(&s->bytes) % 8; n > 0; n--) {
        uint8_t what = fuzz_take8(&s->bytes);
        enum tlz_field f = info->order[what % info->count];
        uint8_t bytes[16];

        if (what >= 3 * info->count) {
            tlz_fieldset_remove(&s->last[kind].present, f);
        } else if (tlz_type_is_bytes(tlz_fields[f].type)) {
            fuzz_take(&s->bytes, bytes, sizeof bytes);
            tlz_row_set_address(&s->last[kind], f, bytes);
        } else {
            tlz_row_set(&s->last[kind], f, fuzz_take_integer(&s->bytes));
        }
    }
    add_row(s, kind);
}

/* Many rows alike, each a little later. */
static void repeat_row(struct script *s)
{
    uint32_t times = (uint32_t)fuzz_take8(&s->bytes) * 6;
    uint64_t step = fuzz_take_integer(&s->bytes);
    enum tlz_kind kind = step % 4 == 3 ? TLZ_STATES : TLZ_SESSIONS;

    for (; times > 0 && s->rows[kind] < ROWS_MAX - 1; times--) {
        s->last[kind].value[tlz_kinds[kind].time].u += step;
        s->last[kind].value[kind == TLZ_STATES ? TLZ_SOCKET : TLZ_COOKIE].u += step;
        add_row(s, kind);
    }
}

static void step_clock(struct script *s)
{
    s->clock.boot_us = fuzz_take_integer(&s->bytes);
    s->clock.real_us = fuzz_take_integer(&s->bytes);
    s->clock.uncertainty_us = (uint32_t)fuzz_take_integer(&s->bytes);
    s->clock.status = fuzz_take8(&s->bytes);
}

static void do_next(struct script *s)
{
    switch (fuzz_take8(&s->bytes) % 16) {
    case 0:
        if (s->sources < SOURCES_MAX)
            add_source(s);
        break;
    case 1:
        add_loss(s);
        break;
    case 2:
        add_name(s);
        break;
    case 3:
        assert(tlz_writer_flush(s->writer) == 0);
        break;
    case 4:
        step_clock(s);
        break;
    case 5:
        s->source = 1 + fuzz_take8(&s->bytes) % s->sources;
        break;
    case 6:
        repeat_row(s);
        break;
    case 7:
    case 8:
        change_row(s, TLZ_STATES);
        break;
    default:
        change_row(s, TLZ_SESSIONS);
    }
}

static void write_script(struct script *s, struct fuzz_memory *ret)
{
    static const uint8_t id[16] = {1};
    struct tlz_writer_options options = {.level = 1 + fuzz_take8(&s->bytes) % LEVELS};
    struct tlz_output output = fuzz_memory_output(ret);
    struct tlz_metadata *meta = tlz_metadata_new();
    struct tlz_writer_stats stats;

    assert(meta && tlz_metadata_set_id(meta, id) == 0);
    assert(tlz_writer_open(&s->writer, &output, &options, meta) == 0);
    add_source(s);
    while (fuzz_left(&s->bytes) && s->events < EVENTS_MAX - 1 &&
           s->rows[TLZ_SESSIONS] < ROWS_MAX - 1 && s->rows[TLZ_STATES] < ROWS_MAX - 1)
        do_next(s);
    assert(tlz_writer_finish(s->writer, meta) == 0);
    tlz_writer_stats(s->writer, &stats);
    for (enum tlz_kind kind = 0; kind < TLZ_KINDS; kind++)
        assert(stats.of[kind].written == s->rows[kind] && stats.of[kind].pending == 0 &&
               stats.of[kind].lost == s->lost[kind]);
    assert(stats.bytes == ret->size);
    s->writer = tlz_writer_free(s->writer);
    tlz_metadata_free(meta);
}

static void check_total(const struct tlz_metadata *end, enum tlz_meta_tag tag, uint64_t expected)
{
    uint64_t number;

    assert(tlz_metadata_number(end, tag, &number) == 1 && number == expected);
}

/* The next item: rows that come next of their kind, or the next event. */
static void check_next(const struct script *s, const struct tlz_item *item, size_t *rows,
                       size_t *event, const struct tlz_fieldset *fields,
                       const struct window *window)
{
    if (item->kind == TLZ_ITEM_ROWS || item->kind == TLZ_ITEM_SKIPPED) {
        enum tlz_kind kind = item->kind == TLZ_ITEM_ROWS ? item->batch->kind : item->skipped.kind;

        assert(rows[kind] < s->rows[kind]);
        rows[kind] += check_rows(&s->row[kind][rows[kind]], item, fields, window);
        assert(rows[kind] <= s->rows[kind]);
        return;
    }
    assert(*event < s->events && !memcmp(rows, s->event[*event].before, sizeof s->rows));
    check_event(&s->event[(*event)++], item);
}

static void read_back(const struct script *s, const struct tlz_input *input,
                      const struct tlz_fieldset *fields, const struct window *window)
{
    struct tlz_reader *r = NULL;
    struct tlz_item item;
    size_t rows[TLZ_KINDS] = {0}, event = 0;

    assert(tlz_reader_open(&r, input) == 0);
    for (enum tlz_kind kind = 0; kind < TLZ_KINDS; kind++)
        tlz_reader_select(r, kind, fields);
    tlz_reader_window(r, window->from_us, window->to_us);
    assert(tlz_reader_next(r, &item) == 1 && item.kind == TLZ_ITEM_FILE);
    while (tlz_reader_next(r, &item) == 1 && item.kind != TLZ_ITEM_END)
        check_next(s, &item, rows, &event, fields, window);
    assert(item.kind == TLZ_ITEM_END && event == s->events);
    assert(!memcmp(rows, s->rows, sizeof rows));
    check_total(item.meta, TLZ_META_SESSIONS, s->rows[TLZ_SESSIONS]);
    check_total(item.meta, TLZ_META_LOST, s->lost[TLZ_SESSIONS]);
    if (s->rows[TLZ_STATES])
        check_total(item.meta, TLZ_META_STATES, s->rows[TLZ_STATES]);
    if (s->lost[TLZ_STATES])
        check_total(item.meta, TLZ_META_STATES_LOST, s->lost[TLZ_STATES]);
    assert(tlz_reader_next(r, &item) == 0);
    tlz_reader_free(r);
}

/* From the first row to the one in the middle, of the kind that there is most of; nothing when
 * there are none. */
static struct window choose_window(const struct script *s)
{
    enum tlz_kind kind = s->rows[TLZ_STATES] > s->rows[TLZ_SESSIONS] ? TLZ_STATES : TLZ_SESSIONS;

    if (!s->rows[kind])
        return (struct window){1, 0};
    return (struct window){row_unix_us(kind, &s->row[kind][0]),
                           row_unix_us(kind, &s->row[kind][s->rows[kind] / 2])};
}

/* The least that a row must have. */
static void begin_row(enum tlz_kind kind, struct tlz_row *ret)
{
    static const uint8_t address[16] = {0xfe, 0x80, [15] = 1};

    tlz_row_clear(ret);
    tlz_row_set(ret, tlz_kinds[kind].time, 1000000);
    tlz_row_set_address(ret, TLZ_LADDR, address);
    tlz_row_set_address(ret, TLZ_RADDR, address);
    tlz_row_set(ret, TLZ_LPORT, 80);
    tlz_row_set(ret, TLZ_RPORT, 40000);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct row_event rows[TLZ_KINDS][ROWS_MAX];
    static struct event events[EVENTS_MAX];
    struct script s = {.bytes = {data, data + size}, .event = events};
    struct window all = {0, UINT64_MAX}, window;
    struct fuzz_memory capture = {0};
    struct tlz_fieldset fields;
    struct tlz_input input;

    for (enum tlz_kind kind = 0; kind < TLZ_KINDS; kind++) {
        s.row[kind] = rows[kind];
        begin_row(kind, &s.last[kind]);
    }
    fuzz_take(&s.bytes, &fields, sizeof fields);
    write_script(&s, &capture);
    window = choose_window(&s);
    input = fuzz_memory_input_at(&capture);
    read_back(&s, &input, &fields, &window);
    memset(&fields, 0xff, sizeof fields);
    input = fuzz_memory_input(&capture);
    read_back(&s, &input, &fields, &all);
    fuzz_memory_free(&capture);
    return 0;
}
