/* SPDX-License-Identifier: BSD-2-Clause */
#include "fuzz_memory.h"

#include <stdlib.h>

#include "format/block_header.h"
#include "format/wire.h"
#include "fuzz.h"

static ssize_t read_memory(void *context, void *data, size_t size)
{
    struct fuzz_memory *m = context;
    size_t n = m->size - m->at < size ? m->size - m->at : size;

    if (n)
        memcpy(data, m->data + m->at, n);
    m->at += n;
    return (ssize_t)n;
}

static ssize_t read_memory_at(void *context, uint64_t offset, void *data, size_t size)
{
    struct fuzz_memory *m = context;

    m->at = offset < m->size ? (size_t)offset : m->size;
    return read_memory(context, data, size);
}

static int write_memory(void *context, const void *data, size_t size)
{
    struct fuzz_memory *m = context;

    m->data = realloc(m->data, m->size + size);
    assert(m->data);
    memcpy(m->data + m->size, data, size);
    m->size += size;
    return 0;
}

struct tlz_input fuzz_memory_input(struct fuzz_memory *memory)
{
    memory->at = 0;
    return (struct tlz_input){.read = read_memory, .context = memory};
}

struct tlz_input fuzz_memory_input_at(struct fuzz_memory *memory)
{
    return (struct tlz_input){
        .read = read_memory, .context = memory, .read_at = read_memory_at, .size = memory->size};
}

struct tlz_output fuzz_memory_output(struct fuzz_memory *memory)
{
    return (struct tlz_output){write_memory, memory};
}

void fuzz_memory_free(struct fuzz_memory *memory)
{
    free(memory->data);
    *memory = (struct fuzz_memory){0};
}

void fuzz_mend_sums(uint8_t *data, size_t size)
{
    size_t at = PREAMBLE_SIZE;

    if (size >= PREAMBLE_SIZE)
        wire_store32(data + 12, (uint32_t)block_hash(data, 12));
    while (at + BLOCK_HEADER_SIZE <= size) {
        uint8_t *header = data + at;
        size_t stored = wire_load32(header + 12);

        at += BLOCK_HEADER_SIZE;
        if (stored > size - at)
            stored = size - at;
        wire_store64(header + 32, block_hash(data + at, stored));
        wire_store64(header + 40, block_hash(header, 40));
        at += stored;
    }
}
