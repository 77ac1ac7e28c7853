/* SPDX-License-Identifier: BSD-2-Clause */
#include "record/history.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define ALIGNMENT 8

/* What stands before a block in the ring. One never goes over its end: behind the last that fits
 * there is a filler, or less room than this. */
struct record {
    uint64_t added_us;
    uint32_t size;   /* with this, and with what fills it to a multiple of ALIGNMENT */
    uint32_t stored; /* bytes of the body */
    uint32_t rows;
    uint32_t type; /* 0 = a filler */
};

int history_open(struct history *ret, size_t bytes, uint64_t span_us)
{
    void *ring;

    bytes = bytes / ALIGNMENT * ALIGNMENT;
    ring = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                -1, 0);
    if (ring == MAP_FAILED)
        return -ENOMEM;
    *ret = (struct history){.ring = ring, .bytes = bytes, .span_us = span_us, .pinned = UINT64_MAX};
    return 0;
}

static size_t room_at(const struct history *h, uint64_t position)
{
    return h->bytes - position % h->bytes;
}

static struct record *record_at(const struct history *h, uint64_t position)
{
    return (struct record *)(void *)(h->ring + position % h->bytes);
}

/* Where the next one begins, behind what is there. */
static uint64_t behind(const struct history *h, uint64_t position)
{
    size_t room = room_at(h, position);

    return position + (room < sizeof(struct record) ? room : record_at(h, position)->size);
}

static bool is_block(const struct history *h, uint64_t position)
{
    return room_at(h, position) >= sizeof(struct record) && record_at(h, position)->type;
}

/* Lets the oldest go until so many bytes are free. 0, or -ENOSPC: what is pinned is in the way. */
static int make_room(struct history *h, uint64_t size)
{
    while (h->head + size - h->tail > h->bytes) {
        if (h->tail >= h->pinned)
            return -ENOSPC;
        h->tail = behind(h, h->tail);
    }
    return 0;
}

static int add_block(struct history *h, uint64_t now_us, const struct tlz_copied_block *block)
{
    size_t size = (sizeof(struct record) + block->size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    size_t room = room_at(h, h->head);
    size_t filler = room < size ? room : 0;
    struct record *record;
    int r;

    if (size > h->bytes)
        return -EFBIG;
    r = make_room(h, filler + size);
    if (r < 0)
        return r;
    if (filler >= sizeof(struct record))
        *record_at(h, h->head) = (struct record){.size = (uint32_t)filler};
    h->head += filler;
    record = record_at(h, h->head);
    *record = (struct record){
        .added_us = now_us,
        .size = (uint32_t)size,
        .stored = (uint32_t)block->size,
        .rows = block->rows,
        .type = block->type,
    };
    memcpy(record + 1, block->body, block->size);
    h->head += size;
    return 0;
}

static int add_name(struct history_names *names, const struct tlz_copied_block *block)
{
    uint32_t stored = (uint32_t)block->size;
    size_t size = names->size + sizeof stored + stored;

    if (size > names->capacity) {
        size_t capacity = size > 2 * names->capacity ? size : 2 * names->capacity;
        uint8_t *grown = realloc(names->data, capacity);

        if (!grown)
            return -ENOMEM;
        names->data = grown;
        names->capacity = capacity;
    }
    memcpy(names->data + names->size, &stored, sizeof stored);
    memcpy(names->data + names->size + sizeof stored, block->body, stored);
    names->size = size;
    return 0;
}

int history_write(struct history *h, uint64_t now_us, const void *data, size_t size)
{
    struct tlz_copied_block block;

    if (tlz_copied_block_read(data, size, &block) < 0)
        return 0; /* the preamble */
    switch (block.type) {
    case TLZ_BLOCK_SESSIONS:
    case TLZ_BLOCK_STATES:
    case TLZ_BLOCK_LOSS:
    case TLZ_BLOCK_STATES_LOSS:
        history_forget(h, now_us);
        return add_block(h, now_us, &block);
    case TLZ_BLOCK_NAME:
        return add_name(&h->names[0], &block);
    default: /* of the capture as a whole: each snapshot has its own */
        return 0;
    }
}

void history_forget(struct history *h, uint64_t now_us)
{
    while (h->span_us && h->tail < h->head && h->tail < h->pinned &&
           (!is_block(h, h->tail) || record_at(h, h->tail)->added_us + h->span_us < now_us))
        h->tail = behind(h, h->tail);
}

static void free_names(struct history_names *names)
{
    free(names->data);
    *names = (struct history_names){0};
}

void history_age_names(struct history *h)
{
    free_names(&h->names[1]);
    h->names[1] = h->names[0];
    h->names[0] = (struct history_names){0};
}

bool history_next(const struct history *h, uint64_t *position, uint64_t end,
                  struct tlz_copied_block *ret)
{
    const struct record *record;

    while (*position < end && !is_block(h, *position))
        *position = behind(h, *position);
    if (*position >= end)
        return false;
    record = record_at(h, *position);
    *ret = (struct tlz_copied_block){
        .type = record->type,
        .rows = record->rows,
        .body = (const uint8_t *)(record + 1),
        .size = record->stored,
    };
    *position = behind(h, *position);
    return true;
}

bool history_next_name(const struct history *h, size_t *position, struct tlz_copied_block *ret)
{
    const struct history_names *names = &h->names[1];
    size_t at = *position;
    uint32_t stored;

    if (at >= names->size) {
        at -= names->size;
        names = &h->names[0];
    }
    if (at >= names->size)
        return false;
    memcpy(&stored, names->data + at, sizeof stored);
    *ret = (struct tlz_copied_block){
        .type = TLZ_BLOCK_NAME, .body = names->data + at + sizeof stored, .size = stored};
    *position += sizeof stored + stored;
    return true;
}

void history_close(struct history *h)
{
    if (h->ring)
        munmap(h->ring, h->bytes);
    free_names(&h->names[0]);
    free_names(&h->names[1]);
    *h = (struct history){0};
}
