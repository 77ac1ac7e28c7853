/* SPDX-License-Identifier: BSD-2-Clause */
#include "format/derive.h"
#include "format/error.h"
#include "format/rows_decoder.h"

int rows_decoder_open(struct rows_decoder **ret)
{
    struct rows_decoder *d = calloc(1, sizeof *d);

    if (!d)
        return -ENOMEM;
    d->zstd = ZSTD_createDCtx();
    d->planes = malloc(TLZ_ROWS_MAX * sizeof(struct tlz_bytes));
    if (!d->zstd || !d->planes) {
        rows_decoder_free(d);
        return -ENOMEM;
    }
    *ret = d;
    return 0;
}

struct rows_decoder *rows_decoder_free(struct rows_decoder *d)
{
    if (d) {
        ZSTD_freeDCtx(d->zstd);
        arena_close(&d->arena);
        free(d->joint);
        free(d->planes);
        free(d);
    }
    return NULL;
}

int rows_decompress(struct rows_decoder *d, void *dst, size_t dst_size, const void *src,
                    size_t src_size)
{
    static const uint8_t magic[] = {0x28, 0xb5, 0x2f, 0xfd}; /* RFC 8878, section 3.1.1 */
    size_t n;

    /* zstd itself takes frames of its drafts, too. */
    if (src_size < sizeof magic || memcmp(src, magic, sizeof magic) != 0)
        return -TLZ_E_ZSTD;
    /* Frames behind the first would be decompressed too. */
    if (ZSTD_findFrameCompressedSize(src, src_size) != src_size)
        return -TLZ_E_ZSTD;
    n = ZSTD_decompressDCtx(d->zstd, dst, dst_size, src, src_size);
    return ZSTD_isError(n) || n != dst_size ? -TLZ_E_ZSTD : 0;
}

bool rows_decoder_has_unknown(const struct rows_decoder *d)
{
    return d->unknowns > 0;
}

bool rows_decoder_unknown(struct rows_decoder *d, uint64_t *ret_number)
{
    if (!d->unknowns)
        return false;
    *ret_number = d->unknown[--d->unknowns];
    return true;
}

/* Whether index columns lead from the rows to that table. */
static bool is_reachable(const struct rows_decoder *d, uint32_t table)
{
    while (table != TLZ_TABLE_ROWS && d->index[table] != NO_COLUMN)
        table = d->column[d->index[table]].header.table;
    return table == TLZ_TABLE_ROWS;
}

/* What every row has, whatever version wrote it: docs/FORMAT.md, section 6.3. */
static bool has_required_fields(const struct rows_decoder *d)
{
    const enum tlz_field time = tlz_kinds[d->kind].time;
    const enum tlz_field required[] = {time, TLZ_LADDR, TLZ_RADDR};

    for (size_t i = 0; i < sizeof required / sizeof *required; i++) {
        int place = d->field[required[i]];

        if (place == NO_COLUMN || d->column[place].presence != NO_COLUMN ||
            !is_reachable(d, d->column[place].header.table))
            return false;
    }
    return d->column[d->field[time]].header.table == TLZ_TABLE_ROWS;
}

/* The columns of the fields, and those that lead to their tables. A field that cannot be reached is
 * absent. */
static void mark_fields(struct rows_decoder *d, const struct tlz_fieldset *fields)
{
    TLZ_FOREACH_FIELD(f) {
        int place = d->field[f];

        if (!tlz_fieldset_has(fields, f) || place == NO_COLUMN)
            continue;
        if (!is_reachable(d, d->column[place].header.table)) {
            d->field[f] = NO_COLUMN;
            continue;
        }
        for (; place != NO_COLUMN; place = d->index[d->column[place].header.table])
            d->column[place].needed = true;
    }
}

/* The bitmaps and terms of needed columns, all of which come earlier. */
static void mark_links(struct rows_decoder *d)
{
    for (uint32_t place = d->columns; place-- > 0;) {
        const struct block_column *c = &d->column[place];

        if (!c->needed)
            continue;
        if (c->presence != NO_COLUMN)
            d->column[c->presence].needed = true;
        if (c->via != NO_COLUMN)
            d->column[c->via].needed = true;
        for (uint8_t i = 0; i < c->header.terms; i++)
            d->column[c->header.term[i].column].needed = true;
    }
}

/* For each row its row in a table: the index column, or what the index columns on the way make
 * together. */
static const uint64_t *find_row_index(struct rows_decoder *d, uint32_t rows, uint32_t table)
{
    const struct block_column *c = &d->column[d->index[table]];
    const uint64_t *parent;
    uint64_t *index;

    if (d->row_index[table] || c->header.table == TLZ_TABLE_ROWS) {
        d->row_index[table] = d->row_index[table] ? d->row_index[table] : c->u;
        return d->row_index[table];
    }
    parent = find_row_index(d, rows, c->header.table);
    index = parent ? arena_take(&d->arena, rows * sizeof *index) : NULL;
    for (uint32_t row = 0; index && row < rows; row++)
        index[row] = c->u[parent[row]];
    d->row_index[table] = index;
    return index;
}

/* A column of a table as a column of rows. */
static int gather(struct rows_decoder *d, uint32_t rows, uint32_t table, const struct tlz_column *c,
                  struct tlz_column *ret)
{
    const uint64_t *index = find_row_index(d, rows, table);
    uint64_t *u = c->u ? arena_take(&d->arena, rows * sizeof *u) : NULL;
    struct tlz_bytes *bytes = c->bytes ? arena_take(&d->arena, rows * sizeof *bytes) : NULL;
    uint64_t *present =
        c->present ? arena_take(&d->arena, BITMAP_WORDS(rows) * sizeof *present) : NULL;

    if (!index || (c->u && !u) || (c->bytes && !bytes) || (c->present && !present))
        return -ENOMEM;
    for (uint32_t row = 0; u && row < rows; row++)
        u[row] = c->u[index[row]];
    for (uint32_t row = 0; bytes && row < rows; row++)
        bytes[row] = c->bytes[index[row]];
    if (present)
        bitmap_spread(c->present, d->entries[table], index, rows, present);
    *ret = (struct tlz_column){u, bytes, present, index, d->entries[table]};
    return 0;
}

/* Makes times Unix times, and checks every value against its field's maximum: a power of 2, less 1,
 * so that no bit above it is set. */
static int finish_integers(const struct rows_decoder *d, enum tlz_field f,
                           const struct tlz_clock *clock)
{
    const struct block_column *c = &d->column[d->field[f]];
    const uint32_t rows = d->entries[c->header.table];
    const uint64_t offset =
        tlz_fields[f].type == TLZ_TYPE_TIME ? clock->real_us - clock->boot_us : 0;
    uint64_t bits = 0;

    for (uint32_t row = 0; offset && row < rows; row++)
        c->u[row] += offset;
    if (offset && c->present)
        bitmap_keep(c->present, rows, c->u);
    for (uint32_t row = 0; row < rows; row++)
        bits |= c->u[row];
    return bits & ~tlz_fields[f].max ? -TLZ_E_SYNTAX : 0;
}

/* A decoded column of a table, as it is there. */
static struct tlz_column column_of(const struct block_column *c)
{
    return (struct tlz_column){.u = c->u, .bytes = c->bytes, .present = c->present};
}

static int assemble_field(struct rows_decoder *d, enum tlz_field f, struct tlz_batch *batch)
{
    const struct block_column *c;
    struct tlz_column values;

    if (d->field[f] == NO_COLUMN)
        return 0;
    c = &d->column[d->field[f]];
    values = column_of(c);
    if (c->header.table != TLZ_TABLE_ROWS)
        return gather(d, batch->rows, c->header.table, &values, &batch->column[f]);
    batch->column[f] = values;
    return 0;
}

/* The table in which there is all that a field is derived from, or TLZ_TABLE_ROWS. */
static uint32_t table_of_derived(const struct rows_decoder *d, enum tlz_field f)
{
    int count = 0;
    const enum tlz_field *needs = derive_needs(f, &count);
    uint32_t found = TLZ_TABLE_ROWS;

    for (int i = 0; tlz_fields[f].number == 0 && i < count; i++) {
        uint32_t table;

        if (d->field[needs[i]] == NO_COLUMN)
            continue;
        table = d->column[d->field[needs[i]]].header.table;
        if (table == TLZ_TABLE_ROWS || (found != TLZ_TABLE_ROWS && table != found))
            return TLZ_TABLE_ROWS;
        found = table;
    }
    return found;
}

/* Derives a field of a table's entries, of which there are fewer than rows. */
static int derive_in_table(struct rows_decoder *d, enum tlz_field f, uint32_t table,
                           struct tlz_batch *batch)
{
    struct tlz_batch entries = {.kind = batch->kind, .rows = d->entries[table]};
    struct tlz_fieldset field = {0};
    int count = 0, r;
    const enum tlz_field *needs = derive_needs(f, &count);

    for (int i = 0; i < count; i++)
        if (d->field[needs[i]] != NO_COLUMN)
            entries.column[needs[i]] = column_of(&d->column[d->field[needs[i]]]);
    tlz_fieldset_add(&field, f);
    r = derive_columns(&entries, &field, &d->arena);
    return r < 0 ? r : gather(d, batch->rows, table, &entries.column[f], &batch->column[f]);
}

/* Derives what can be in tables, and takes it from the fields that are still to be made. */
static int derive_in_tables(struct rows_decoder *d, struct tlz_fieldset *fields,
                            struct tlz_batch *batch)
{
    TLZ_FOREACH_FIELD(f) {
        uint32_t table = tlz_fieldset_has(fields, f) ? table_of_derived(d, f) : TLZ_TABLE_ROWS;
        int r = table != TLZ_TABLE_ROWS ? derive_in_table(d, f, table, batch) : 0;

        if (r < 0)
            return r;
        if (table != TLZ_TABLE_ROWS)
            tlz_fieldset_remove(fields, f);
    }
    return 0;
}

/* Makes the batch's columns of those decoded. */
static int assemble(struct rows_decoder *d, const struct tlz_fieldset *needed,
                    const struct tlz_fieldset *selected, struct tlz_batch *batch)
{
    struct tlz_fieldset left = *selected, stored;
    int r = 0;

    TLZ_FOREACH_FIELD(f) {
        if (r >= 0 && tlz_fieldset_has(needed, f) && d->field[f] != NO_COLUMN &&
            d->column[d->field[f]].u)
            r = finish_integers(d, f, &batch->clock);
    }
    if (r >= 0)
        r = derive_in_tables(d, &left, batch);
    stored = left;
    derive_requirements(&stored);
    TLZ_FOREACH_FIELD(f) {
        if (r >= 0 && tlz_fieldset_has(&stored, f))
            r = assemble_field(d, f, batch);
    }
    return r < 0 ? r : derive_columns(batch, &left, &d->arena);
}

/* Every row has both ports: docs/FORMAT.md, section 7.1. */
static bool has_ports(const struct tlz_batch *batch, const struct tlz_fieldset *fields)
{
    static const enum tlz_field ports[] = {TLZ_LPORT, TLZ_RPORT};

    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++) {
        const struct tlz_column *c = &batch->column[ports[i]];

        if (tlz_fieldset_has(fields, ports[i]) && c->present &&
            bitmap_count(c->present, batch->rows) != batch->rows)
            return false;
    }
    return true;
}

/* Blocks are passed over by the times in their heads: docs/FORMAT.md, section 6.1. */
static bool has_times(const struct tlz_batch *batch, const struct tlz_fieldset *fields)
{
    int64_t min, max; /* no time is greater */

    enum tlz_field time = tlz_kinds[batch->kind].time;

    if (!tlz_fieldset_has(fields, time))
        return true;
    column_range(batch->column[time].u, batch->rows, 0, &min, &max);
    return (uint64_t)min == batch->time_min_us && (uint64_t)max == batch->time_max_us;
}

int rows_decode(struct rows_decoder *d, enum tlz_kind kind, const uint8_t *body, size_t size,
                uint32_t rows, const struct tlz_fieldset *fields, struct tlz_batch *ret_batch)
{
    struct tlz_fieldset selected = *fields;
    struct tlz_fieldset needed;
    int r;

    for (size_t i = 0; i < sizeof selected.bits / sizeof *selected.bits; i++)
        selected.bits[i] &= tlz_kinds[kind].fields.bits[i];
    needed = selected;
    arena_reset(&d->arena);
    d->kind = kind;
    *ret_batch = (struct tlz_batch){.kind = kind, .rows = rows};
    r = rows_parse(d, body, size, rows, ret_batch);
    if (r >= 0 && !has_required_fields(d))
        r = -TLZ_E_SYNTAX;
    if (r < 0)
        return r;
    derive_requirements(&needed);
    mark_fields(d, &needed);
    mark_links(d);
    r = rows_decode_columns(d);
    if (r < 0)
        return r;
    r = assemble(d, &needed, &selected, ret_batch);
    if (r >= 0 && (!has_ports(ret_batch, &selected) || !has_times(ret_batch, &needed)))
        r = -TLZ_E_SYNTAX;
    return r;
}
