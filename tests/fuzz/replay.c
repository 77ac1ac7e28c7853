/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs a harness without a fuzzing engine: over every named file, and over a fixed sequence of
 * mutations of each. A fault ends the program, which the test run counts as a failure.
 */
#include <dirent.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#define MUTATIONS      3000
#define SIZE_MAX_BYTES (1024 * 1024)

static uint64_t random_number(uint64_t *seed)
{
    uint64_t z = *seed += 0x9e3779b97f4a7c15;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

/* Changes, cuts out or doubles a few bytes. Returns the new size; data has room for twice the size.
 */
static size_t mutate(uint8_t *data, size_t size, uint64_t *seed)
{
    static const uint8_t edges[] = {0, 1, 0x7f, 0x80, 0xff};
    size_t at = random_number(seed) % size, length = random_number(seed) % 16;

    if (at + length > size)
        length = size - at;
    switch (random_number(seed) % 5) {
    case 0:
        data[at] ^= (uint8_t)(1u << random_number(seed) % 8);
        return size;
    case 1:
        data[at] = edges[random_number(seed) % sizeof edges];
        return size;
    case 2:
        data[at] = (uint8_t)random_number(seed);
        return size;
    case 3:
        memmove(data + at, data + at + length, size - at - length);
        return size - length;
    default:
        memmove(data + at + length, data + at, size - at);
        return size + length;
    }
}

static void replay_mutations(const uint8_t *data, size_t size, uint64_t seed)
{
    uint8_t *copy = malloc(size + 16 * 16);

    for (int i = 0; copy && size && i < MUTATIONS; i++) {
        size_t n = size;

        memcpy(copy, data, size);
        for (uint64_t changes = 1 + random_number(&seed) % 8; changes && n; changes--)
            n = mutate(copy, n, &seed);
        LLVMFuzzerTestOneInput(copy, n);
    }
    free(copy);
}

static int replay_file(const char *path, uint64_t seed)
{
    FILE *f = fopen(path, "rb");
    uint8_t *data = malloc(SIZE_MAX_BYTES);
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    size_t size = f && data ? fread(data, 1, SIZE_MAX_BYTES, f) : 0;

    if (f && data) {
        LLVMFuzzerTestOneInput(data, size);
        replay_mutations(data, size, seed);
        printf("PASS %s and %d mutations of it\n", name, MUTATIONS);
    } else {
        printf("FAIL %s: cannot be read\n", path);
    }
    free(data);
    if (f)
        fclose(f);
    return f && data ? 0 : 1;
}

/* Those that are good: nothing grows from what is bad at its first byte. */
static int is_capture(const struct dirent *entry)
{
    return !fnmatch("good-*.tlz", entry->d_name, 0) || !fnmatch("sample.tlz", entry->d_name, 0);
}

/* The captures of a directory, in the order of their names. */
static int replay_directory(const char *directory)
{
    struct dirent **entries = NULL;
    int count = scandir(directory, &entries, is_capture, alphasort), failed = count <= 0;

    if (count <= 0)
        printf("FAIL %s: no captures there\n", directory);
    for (int i = 0; i < count; i++) {
        char path[4096];

        snprintf(path, sizeof path, "%s/%s", directory, entries[i]->d_name);
        failed |= replay_file(path, (uint64_t)i);
        free(entries[i]);
    }
    free(entries);
    return failed;
}

int main(int argc, char **argv)
{
    return argc == 2 ? replay_directory(argv[1]) : 2;
}
