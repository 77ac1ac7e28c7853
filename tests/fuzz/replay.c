/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs a harness without a fuzzing engine: over every file that matches, and over a fixed sequence
 * of mutations of each. A fault ends the program, which the test run counts as a failure.
 *
 * usage: replay_HARNESS MUTATIONS PATTERN...
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"

#define SIZE_MAX_BYTES (1024 * 1024)
#define CHANGES_MAX    8  /* in one mutation */
#define PIECE_MAX      16 /* bytes that one change cuts out or doubles */

static FILE *verdicts; /* a harness may make use of standard output itself */

static uint64_t random_number(uint64_t *seed)
{
    uint64_t z = *seed += 0x9e3779b97f4a7c15;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

/* Changes, cuts out or doubles a few bytes. Returns the new size; data has room for PIECE_MAX more.
 */
static size_t mutate(uint8_t *data, size_t size, uint64_t *seed)
{
    static const uint8_t edges[] = {0, 1, 0x7f, 0x80, 0xff};
    size_t at = random_number(seed) % size, length = random_number(seed) % PIECE_MAX;

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

static void replay_mutations(const uint8_t *data, size_t size, uint64_t seed, int mutations)
{
    uint8_t *copy = malloc(size + CHANGES_MAX * PIECE_MAX);

    for (int i = 0; copy && size && i < mutations; i++) {
        size_t n = size;

        memcpy(copy, data, size);
        for (uint64_t changes = 1 + random_number(&seed) % CHANGES_MAX; changes && n; changes--)
            n = mutate(copy, n, &seed);
        LLVMFuzzerTestOneInput(copy, n);
    }
    free(copy);
}

static int replay_file(const char *path, uint64_t seed, int mutations)
{
    FILE *f = fopen(path, "rb");
    uint8_t *data = malloc(SIZE_MAX_BYTES);
    size_t size = f && data ? fread(data, 1, SIZE_MAX_BYTES, f) : 0;
    int failed = !f || !data || ferror(f);

    if (!failed) {
        LLVMFuzzerTestOneInput(data, size);
        replay_mutations(data, size, seed, mutations);
    } else {
        fprintf(verdicts, "FAIL %s: cannot be read\n", path);
    }
    free(data);
    if (f)
        fclose(f);
    return failed;
}

/* The files that match, in the order of their names. A pattern that nothing matches has lost its
 * files. */
static int replay_pattern(const char *pattern, int mutations)
{
    const char *name = strrchr(pattern, '/') ? strrchr(pattern, '/') + 1 : pattern;
    int failed = 0;
    glob_t found;

    if (glob(pattern, 0, NULL, &found) != 0) {
        fprintf(verdicts, "FAIL %s: no such files\n", pattern);
        return 1;
    }
    for (size_t i = 0; i < found.gl_pathc; i++)
        failed |= replay_file(found.gl_pathv[i], i, mutations);
    if (!failed)
        fprintf(verdicts, "PASS %s: %zu files and %d mutations of each\n", name, found.gl_pathc,
                mutations);
    globfree(&found);
    return failed;
}

int main(int argc, char **argv)
{
    int failed = 0;

    verdicts = fdopen(dup(STDOUT_FILENO), "w");
    if (argc < 3 || !verdicts)
        return 2;
    for (int i = 2; i < argc; i++)
        failed |= replay_pattern(argv[i], atoi(argv[1]));
    return fclose(verdicts) != 0 || failed;
}
