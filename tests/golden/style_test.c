/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows of the peers' tcplifes in which anything may be absent, each behind a row in which it is
 * not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/style/style.h"
#include "report/text/zone.h"

/* The cell of that name, or NULL. */
static struct cell *cell_of(const struct layout *layout, struct cell *cells, const char *name)
{
    for (size_t i = 0; i < layout->count; i++)
        if (!strcmp(layout->columns[i], name))
            return &cells[i];
    return NULL;
}

/* Values for every cell, which mean something only when they are present. */
static void fill(const struct layout *layout, struct cell *cells, bool present)
{
    for (size_t i = 0; i < layout->count; i++)
        cells[i] = (struct cell){.value.u = 7000000, .present = present};
    tlz_address_from_v4(&cell_of(layout, cells, "laddr")->value.bytes, (uint8_t[]){192, 0, 2, 1});
    tlz_address_from_v4(&cell_of(layout, cells, "raddr")->value.bytes, (uint8_t[]){192, 0, 2, 2});
    cell_of(layout, cells, "v6_socket")->value.u = 0;
    cell_of(layout, cells, "comm")->value.bytes = (struct tlz_bytes){"name"};
}

/* With all that the peer has an option for, but not with CSV and columns both. */
static void check_row(const struct layout *layout, bool csv, const char *wanted)
{
    struct zone zone = {.chosen = true};
    struct look look = {.time = layout->look_options & LOOK_TIME,
                        .timestamp = layout->look_options & LOOK_TIMESTAMP,
                        .wide = layout->look_options & LOOK_WIDE && !csv,
                        .csv = csv,
                        .zone = &zone};
    struct cell cells[16];
    char line[512];

    assert_true(layout->count <= sizeof cells / sizeof *cells && layout->room <= sizeof line);
    fill(layout, cells, true);
    layout->row(line, &look, cells);
    fill(layout, cells, false);
    *layout->row(line, &look, cells) = '\0';
    assert_string_equal(line, wanted);
}

static void absent_cells_are_dashes_in_text(void **state)
{
    (void)state;
    check_row(style_bcc.sessions, false,
              "-        -         -     -                -  "
              "-                                       -     "
              "-                                       -          -      - -\n");
    check_row(style_libbpf.sessions, false,
              "-        -       -                "
              "-                                       -     "
              "-                                       -     -      -      -\n");
    check_row(style_bpftrace.sessions, false,
              "-     -          -               -     -               -          -     - -\n");
}

static void absent_cells_are_empty_in_csv(void **state)
{
    (void)state;
    check_row(style_bcc.sessions, true, ",,,,,,,,,,,\n");
}

/* What a state lasted is 0 to the peers where it is not known. */
static void absent_cells_of_states(void **state)
{
    (void)state;
    check_row(style_bcc.states, false,
              "-        -         -                -     -                -  "
              "-                                       -     "
              "-                                       -     "
              "-           -> -           0.000\n");
    check_row(style_bcc.states, true, ",,,,,,,,,,,,0.000\n");
    check_row(style_libbpf.states, false,
              "-        -                -       -                -  "
              "-                                       -     "
              "-                                       -     "
              "-           -> -           0.000\n");
    assert_null(style_bpftrace.states);
}

static void styles_have_names(void **state)
{
    (void)state;
    assert_ptr_equal(style_by_name("bcc"), &style_bcc);
    assert_ptr_equal(style_by_name("libbpf"), &style_libbpf);
    assert_ptr_equal(style_by_name("bpftrace"), &style_bpftrace);
    assert_null(style_by_name("bc"));
    assert_null(style_by_name(""));
    assert_string_equal(STYLE_NAMES, "|bcc|libbpf|bpftrace");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(absent_cells_are_dashes_in_text),
        cmocka_unit_test(absent_cells_are_empty_in_csv),
        cmocka_unit_test(absent_cells_of_states),
        cmocka_unit_test(styles_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
