/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/page/page_cube.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/view/grid.h"
#include "util/missing.h"

#define CELLS_FIRST 1024
#define STEPS_ROOM  (2 * PAGE_STEPS_MAX)

#define MS  UINT64_C(1000)
#define SEC (1000 * MS)
#define MIN (60 * SEC)
#define DAY (1440 * MIN)

/* Each holds a whole number of those before it, so steps can be put together. Behind them a step
 * is twice the one before. */
static const uint64_t lengths[] = {1 * MS,       2 * MS,       10 * MS,       20 * MS,  100 * MS,
                                   200 * MS,     1 * SEC,      2 * SEC,       10 * SEC, 30 * SEC,
                                   1 * MIN,      2 * MIN,      10 * MIN,      30 * MIN, 60 * MIN,
                                   3 * 60 * MIN, 6 * 60 * MIN, 12 * 60 * MIN, DAY};

static uint64_t next_length(uint64_t step_us)
{
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        if (lengths[i] > step_us)
            return lengths[i];
    return 2 * step_us;
}

int page_cube_open(struct page_cube *cube)
{
    *cube = (struct page_cube){.step_us = lengths[0]};
    return flow_codes_open(&cube->codes);
}

static void clear_cells(struct page_cube *cube)
{
    for (size_t i = 0; i < cube->codes.count && i < cube->room; i++)
        page_cell_clear(&cube->cells[i]);
    free(cube->cells);
    cube->cells = NULL;
    cube->room = 0;
    flow_codes_close(&cube->codes);
}

void page_cube_close(struct page_cube *cube)
{
    clear_cells(cube);
}

static union tlz_value value_of(struct page_place place)
{
    union tlz_value value = {.bytes = {{0}}};

    memcpy(value.bytes.b, &place.from_us, sizeof place.from_us);
    memcpy(value.bytes.b + sizeof place.from_us, &place.flow, sizeof place.flow);
    return value;
}

struct page_place page_cube_place(const struct page_cube *cube, size_t number)
{
    const union tlz_value *value = flow_codes_value(&cube->codes, (uint32_t)number + 1);
    struct page_place place;

    memcpy(&place.from_us, value->bytes.b, sizeof place.from_us);
    memcpy(&place.flow, value->bytes.b + sizeof place.from_us, sizeof place.flow);
    return place;
}

/* Room is made before the code is given, so that each code has a cell. */
static int make_room(struct page_cube *cube)
{
    size_t room = cube->room ? 2 * cube->room : CELLS_FIRST;
    struct page_cell *cells;

    if (cube->codes.count < cube->room)
        return 0;
    cells = reallocarray(cube->cells, room, sizeof *cells);
    if (!cells)
        return -ENOMEM;
    memset(cells + cube->room, 0, (room - cube->room) * sizeof *cells);
    cube->cells = cells;
    cube->room = room;
    return 0;
}

struct page_cell *page_cube_cell(struct page_cube *cube, struct page_place place)
{
    union tlz_value value = value_of(place);
    uint32_t code;

    if (make_room(cube) < 0 || flow_codes_find(&cube->codes, &value, 1, &code) < 0)
        return NULL;
    return &cube->cells[code - 1];
}

/* A cell of one cube is added to another, and is empty then. */
static int move_cell(struct page_cube *to, struct page_place place, struct page_cell *from)
{
    struct page_cell *cell = page_cube_cell(to, place);
    int r = cell ? page_cell_add(cell, from) : -ENOMEM;

    page_cell_clear(from);
    return r;
}

/* Puts all cells where they now belong: PAGE_OTHERS, but of flows that are kept (NULL = of all),
 * and the steps of that length. */
static int rearrange(struct page_cube *cube, const bool *keeps, size_t flows, uint64_t step_us)
{
    struct page_cube moved = {.step_us = step_us, .has_steps = cube->has_steps};
    int r = flow_codes_open(&moved.codes);

    moved.first_us = cube->has_steps ? grid_start(step_us, cube->first_us) : 0;
    moved.last_us = cube->has_steps ? grid_start(step_us, cube->last_us) : 0;
    for (size_t i = 0; r == 0 && i < page_cube_count(cube); i++) {
        struct page_place place = page_cube_place(cube, i);

        if (keeps && (place.flow >= flows || !keeps[place.flow]))
            place.flow = PAGE_OTHERS;
        if (place.from_us != PAGE_OPEN && step_us != cube->step_us)
            place.from_us = grid_start(step_us, place.from_us);
        r = move_cell(&moved, place, &cube->cells[i]);
    }
    clear_cells(cube);
    *cube = moved;
    return r;
}

int page_cube_fold(struct page_cube *cube, const bool *keeps, size_t flows)
{
    return rearrange(cube, keeps, flows, cube->step_us);
}

int page_cube_lengthen(struct page_cube *cube)
{
    return rearrange(cube, NULL, 0, next_length(cube->step_us));
}

/* The length with which all from the one to the other time are few enough steps. */
static uint64_t length_for(uint64_t step_us, uint64_t first_us, uint64_t last_us)
{
    while ((last_us - first_us) / step_us >= PAGE_STEPS_MAX)
        step_us = next_length(step_us);
    return step_us;
}

/* The step of a time, which is looked up where none of the recent ones is it. */
static uint64_t find_step(struct page_cube *cube, uint64_t us)
{
    struct flow_step *recent =
        &cube->recent[us / cube->step_us % (sizeof cube->recent / sizeof *cube->recent)];

    if (us < recent->from_us || us >= recent->to_us) {
        recent->from_us = grid_start(cube->step_us, us);
        recent->to_us = grid_next(cube->step_us, recent->from_us);
    }
    return recent->from_us;
}

int page_cube_step(struct page_cube *cube, uint64_t us, uint64_t *ret_from_us)
{
    uint64_t from_us = find_step(cube, us);
    uint64_t first_us = cube->has_steps && cube->first_us < from_us ? cube->first_us : from_us;
    uint64_t last_us = cube->has_steps && cube->last_us > from_us ? cube->last_us : from_us;
    uint64_t step_us = length_for(cube->step_us, first_us, last_us);
    int r = 0;

    cube->has_steps = true;
    cube->first_us = first_us;
    cube->last_us = last_us;
    if (step_us != cube->step_us) {
        r = rearrange(cube, NULL, 0, step_us);
        from_us = find_step(cube, us);
    }
    *ret_from_us = from_us;
    return r;
}

int page_cube_steps(const struct page_cube *cube, uint64_t **ret, size_t *ret_count)
{
    uint64_t *steps = calloc(STEPS_ROOM, sizeof *steps);
    size_t count = 0;

    if (!steps)
        return -ENOMEM;
    for (uint64_t us = cube->first_us; cube->has_steps && us <= cube->last_us && count < STEPS_ROOM;
         us = grid_next(cube->step_us, us))
        steps[count++] = us;
    *ret = steps;
    *ret_count = count;
    return 0;
}
