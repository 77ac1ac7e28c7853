/* SPDX-License-Identifier: BSD-2-Clause */
#include "column_sizes.h"

#include "format/block_stream.h"
#include "format/rows_decoder.h"

static void add_column(const struct column *column, struct column_sizes *ret)
{
    enum tlz_field f;

    ret->directory -= column->stored;
    switch (column->kind) {
    case COLUMN_BITMAP:
        ret->bitmaps += column->stored;
        break;
    case COLUMN_INDEX:
        ret->index[column->number] += column->stored;
        break;
    default:
        f = tlz_field_by_number(column->number);
        if (f != TLZ_FIELD_COUNT)
            ret->field[f] += column->stored;
    }
}

/* The columns do not stand in the body itself, but in what was decompressed. */
static bool is_joint(const struct rows_decoder *decoder, const uint8_t *body, size_t size)
{
    const uint8_t *first = decoder->columns ? decoder->column[0].stored : body;

    return first < body || first > body + size;
}

static int add_block(struct rows_decoder *decoder, const struct block_header *header,
                     const uint8_t *body, struct column_sizes *ret)
{
    struct tlz_batch batch;
    int r = rows_parse(decoder, body, header->stored, header->rows, &batch);

    if (r < 0)
        return r;
    ret->sessions += header->rows;
    ret->blocks++;
    ret->headers += BLOCK_HEADER_SIZE;
    if (is_joint(decoder, body, header->stored)) {
        ret->joint += header->stored;
        return 0;
    }
    ret->directory += header->stored;
    for (uint32_t i = 0; i < decoder->columns; i++)
        add_column(&decoder->column[i].header, ret);
    return 0;
}

int column_sizes_read(const struct tlz_input *input, struct column_sizes *ret)
{
    struct rows_decoder *decoder = NULL;
    struct block_stream stream;
    struct block_header header;
    int r = block_stream_open(&stream, input);

    *ret = (struct column_sizes){0};
    if (r >= 0)
        r = rows_decoder_open(&decoder);
    while (r >= 0 && (r = block_stream_next(&stream, &header)) > 0) {
        if (header.type == TLZ_BLOCK_SESSIONS)
            r = add_block(decoder, &header, block_stream_body(&stream), ret);
        else
            ret->other += BLOCK_HEADER_SIZE + header.stored;
        block_stream_skip(&stream, &header);
    }
    block_stream_close(&stream);
    rows_decoder_free(decoder);
    return r;
}
