/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes seeds of a capture whose blocks are compressed as a whole, in which changed bytes would
 * mostly be found by zstd and get no further: the same capture with its blocks not compressed, and
 * the first block of sessions alone, as sessions_fuzz.c wants it.
 *
 * usage: plain_seeds CAPTURE RET_CAPTURE RET_SESSIONS
 */
#include <stdio.h>
#include <zstd.h>

#include "format/block_header.h"
#include "format/rows_block.h"
#include "fuzz.h"

#define CAPTURE_MAX (1024 * 1024)
#define FLAGS_AT    (ROWS_HEAD_SIZE - 1)

static void put_file(const char *path, const struct wire_buffer *b)
{
    FILE *f = fopen(path, "wb");

    assert(f && fwrite(b->data, 1, b->size, f) == b->size);
    assert(fclose(f) == 0);
}

/* The head without its flag, and the content that the frame behind it holds. */
static void put_plain(const uint8_t *body, size_t size, struct wire_buffer *ret)
{
    const uint8_t *frame = body + ROWS_HEAD_SIZE + 4;
    uint32_t raw = wire_load32(body + ROWS_HEAD_SIZE);
    uint8_t *content;

    wire_put(ret, body, FLAGS_AT);
    wire_put8(ret, body[FLAGS_AT] & ~ROWS_JOINT);
    content = wire_reserve(ret, raw);
    assert(content && ZSTD_decompress(content, raw, frame, (size_t)(body + size - frame)) == raw);
    ret->size += raw;
}

static void put_block(struct block_header *header, const uint8_t *body, struct wire_buffer *capture,
                      struct wire_buffer *sessions)
{
    struct wire_buffer plain = {0};
    uint8_t bytes[BLOCK_HEADER_SIZE];

    bool is_rows = header->type == TLZ_BLOCK_SESSIONS || header->type == TLZ_BLOCK_STATES;

    if (is_rows && body[FLAGS_AT] & ROWS_JOINT)
        put_plain(body, header->stored, &plain);
    else
        wire_put(&plain, body, header->stored);
    if (header->type == TLZ_BLOCK_SESSIONS && !sessions->size) {
        wire_put16(sessions, (uint16_t)header->rows);
        wire_put(sessions, plain.data, plain.size);
    }
    header->stored = (uint32_t)plain.size;
    header->body_hash = block_hash(plain.data, plain.size);
    block_header_encode(header, bytes);
    wire_put(capture, bytes, sizeof bytes);
    wire_put(capture, plain.data, plain.size);
    wire_free(&plain);
}

int main(int argc, char **argv)
{
    static uint8_t data[CAPTURE_MAX];
    struct wire_buffer capture = {0}, sessions = {0};
    struct block_header header;
    size_t size, at = PREAMBLE_SIZE;
    FILE *f;

    assert(argc == 4);
    f = fopen(argv[1], "rb");
    assert(f);
    size = fread(data, 1, sizeof data, f);
    assert(size < sizeof data && fclose(f) == 0);
    wire_put(&capture, data, PREAMBLE_SIZE);
    for (; at < size; at += BLOCK_HEADER_SIZE + wire_load32(data + at + 12)) {
        assert(block_header_decode(data + at, &header) == 0);
        put_block(&header, data + at + BLOCK_HEADER_SIZE, &capture, &sessions);
    }
    assert(!capture.failed && !sessions.failed);
    put_file(argv[2], &capture);
    put_file(argv[3], &sessions);
    wire_free(&capture);
    wire_free(&sessions);
    return 0;
}
