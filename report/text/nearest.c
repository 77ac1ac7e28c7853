/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/text/nearest.h"

#include <string.h>

#define NAME_MAX_SIZE 32
#define NEAR          2 /* changes of a letter */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How many letters have to be changed, added or left out to make one word of the other. */
static size_t distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
    size_t row[NAME_MAX_SIZE + 1];

    for (size_t j = 0; j <= b_size; j++)
        row[j] = j;
    for (size_t i = 0; i < a_size; i++) {
        size_t diagonal = row[0];

        row[0] = i + 1;
        for (size_t j = 0; j < b_size; j++) {
            size_t above = row[j + 1];

            row[j + 1] = least(least(above, row[j]) + 1, diagonal + (a[i] != b[j]));
            diagonal = above;
        }
    }
    return row[b_size];
}

void nearest_begin(struct nearest *n, const char *word, size_t size)
{
    *n = (struct nearest){.word = word, .size = size, .away = least(size, NEAR + 1)};
}

void nearest_try(struct nearest *n, const char *name)
{
    size_t size = strlen(name), away;

    if (n->size > NAME_MAX_SIZE || size > NAME_MAX_SIZE)
        return;
    away = distance(n->word, n->size, name, size);
    if (away >= n->away)
        return;
    n->away = away;
    n->name = name;
}
