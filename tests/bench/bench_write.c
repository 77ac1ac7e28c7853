/* SPDX-License-Identifier: BSD-2-Clause */
#include "bench_write.h"

#include <err.h>
#include <stdlib.h>

#include <zlib.h>
#include <zstd.h>

#include "record/session_row.h"

#define GZIP_WINDOW (15 + 16)
#define PIECE_SIZE  (256 * sizeof(struct tlz_row)) /* stays in the cache */

void chunk_fill(struct chunk *ret, struct mix *mix, uint32_t rows)
{
    ret->rows = rows;
    ret->csv_size = 0;
    for (uint32_t i = 0; i < rows; i++) {
        mix_next_event(mix, &ret->event[i]);
        session_from_event(&ret->event[i], &ret->session[i]);
        ret->shown[i] = ret->session[i];
        shown_keep(&ret->shown[i]);
        shown_record(&ret->session[i], &ret->record[i]);
        ret->csv_size += (size_t)shown_csv(&ret->record[i], ret->csv + ret->csv_size);
    }
}

static void open_tlz(struct written *w)
{
    static const uint8_t id[16] = {1};
    struct tlz_output output = buffer_output(&w->file);
    struct tlz_writer_options options = {.level = w->way->level};
    struct tlz_metadata *meta = tlz_metadata_new();

    if (!meta)
        errx(1, "no memory");
    must(tlz_metadata_set_id(meta, id), "metadata");
    must(tlz_writer_open(&w->writer, &output, &options, meta), "writer");
    must(tlz_writer_add_source(w->writer, meta, &w->source), "source");
    mix_clock(&w->clock);
    tlz_metadata_free(meta);
}

static z_stream *open_gzip(int level)
{
    z_stream *stream = calloc(1, sizeof *stream);

    if (!stream || deflateInit2(stream, level, Z_DEFLATED, GZIP_WINDOW, 8, 0) != Z_OK)
        errx(1, "zlib");
    return stream;
}

void written_open(struct written *w, const struct way *way)
{
    *w = (struct written){.way = way};
    if (way->packing == PACK_TLZ) {
        open_tlz(w);
    } else if (way->packing == PACK_GZIP) {
        w->stream = open_gzip(way->level);
    } else if (way->packing == PACK_ZSTD) {
        w->stream = ZSTD_createCCtx();
        if (!w->stream ||
            ZSTD_isError(ZSTD_CCtx_setParameter(w->stream, ZSTD_c_compressionLevel, way->level)))
            errx(1, "zstd");
    }
}

/* The block is full by this benchmark's rule, before that session. */
static bool is_block_due(struct written *w, uint64_t row, uint64_t close_us)
{
    if (w->way->rows_max != BLOCK_A_SECOND)
        return w->way->rows_max && row % w->way->rows_max == 0;
    if (close_us < w->flush_us)
        return false;
    w->flush_us = close_us + 1000000;
    return true;
}

static void add_tlz(struct written *w, const struct tlz_row *sessions, uint32_t rows)
{
    for (uint32_t i = 0; i < rows; i++) {
        if (is_block_due(w, w->rows++, sessions[i].value[TLZ_CLOSE_US].u))
            must(tlz_writer_flush(w->writer), "flush");
        must(tlz_writer_add_row(w->writer, TLZ_SESSIONS, w->source, &w->clock, &sessions[i]),
             "session");
    }
}

static void add_zstd(struct written *w, const void *data, size_t size, ZSTD_EndDirective end)
{
    ZSTD_inBuffer in = {data, size, 0};
    size_t left;

    do {
        ZSTD_outBuffer out = {buffer_reserve(&w->file, ZSTD_CStreamOutSize()),
                              ZSTD_CStreamOutSize(), 0};

        left = ZSTD_compressStream2(w->stream, &out, &in, end);
        if (ZSTD_isError(left))
            errx(1, "zstd");
        w->file.size += out.pos;
    } while (in.pos < in.size || (end == ZSTD_e_end && left));
}

static void add_gzip(struct written *w, const void *data, size_t size, int flush)
{
    z_stream *stream = w->stream;
    int r;

    stream->next_in = (void *)(uintptr_t)data;
    stream->avail_in = (uInt)size;
    do {
        stream->next_out = buffer_reserve(&w->file, 65536);
        stream->avail_out = 65536;
        r = deflate(stream, flush);
        w->file.size += 65536 - stream->avail_out;
    } while (r == Z_OK && !stream->avail_out);
}

/* The chunk's bytes in the way's form. */
static const void *chunk_bytes(const struct chunk *chunk, enum form form, size_t *ret_size)
{
    switch (form) {
    case FORM_SESSION:
        *ret_size = chunk->rows * sizeof *chunk->session;
        return chunk->session;
    case FORM_SHOWN:
        *ret_size = chunk->rows * sizeof *chunk->shown;
        return chunk->shown;
    case FORM_EVENTS:
        *ret_size = chunk->rows * sizeof *chunk->event;
        return chunk->event;
    case FORM_RECORDS:
        *ret_size = chunk->rows * sizeof *chunk->record;
        return chunk->record;
    default:
        *ret_size = chunk->csv_size;
        return chunk->csv;
    }
}

/* Brings bytes into the cache, where the recorder, which has just made them, has them too. */
static void touch(const void *data, size_t size)
{
    for (size_t i = 0; i < size; i += 64)
        (void)((const volatile char *)data)[i];
}

/* Adds so many bytes, which are rows for PACK_TLZ, and counts the time. */
static void add_piece(struct written *w, const void *data, size_t size)
{
    uint64_t start_ns;

    touch(data, size);
    start_ns = cpu_ns();
    switch (w->way->packing) {
    case PACK_TLZ:
        add_tlz(w, data, (uint32_t)(size / sizeof(struct tlz_row)));
        break;
    case PACK_ZSTD:
        add_zstd(w, data, size, ZSTD_e_continue);
        break;
    case PACK_GZIP:
        add_gzip(w, data, size, Z_NO_FLUSH);
        break;
    case PACK_NONE:
        memcpy(buffer_reserve(&w->file, size), data, size);
        w->file.size += size;
        break;
    }
    w->ns += cpu_ns() - start_ns;
}

void written_add(struct written *w, const struct chunk *chunk)
{
    size_t size, piece;
    const uint8_t *bytes = chunk_bytes(chunk, w->way->form, &size);

    for (size_t at = 0; at < size; at += piece) {
        piece = size - at < PIECE_SIZE ? size - at : PIECE_SIZE;
        add_piece(w, bytes + at, piece);
    }
}

void written_finish(struct written *w)
{
    uint64_t start_ns = cpu_ns();

    if (w->way->packing == PACK_TLZ) {
        must(tlz_writer_finish(w->writer, NULL), "finish");
        w->writer = tlz_writer_free(w->writer);
    } else if (w->way->packing == PACK_ZSTD) {
        add_zstd(w, NULL, 0, ZSTD_e_end);
        ZSTD_freeCCtx(w->stream);
    } else if (w->way->packing == PACK_GZIP) {
        add_gzip(w, NULL, 0, Z_FINISH);
        deflateEnd(w->stream);
        free(w->stream);
    }
    w->ns += cpu_ns() - start_ns;
}

void written_close(struct written *w)
{
    buffer_free(&w->file);
}
