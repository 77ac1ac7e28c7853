/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What layouts put their lines together from: a field in so many columns and a space behind it, as
 * the peers' format strings have it. A longer one is not cut, unless that is said. Each function
 * writes at p and returns the place behind. A cell that is absent is "-".
 */
#ifndef REPORT_STYLE_STYLE_FIELDS_H
#define REPORT_STYLE_STYLE_FIELDS_H

#include "report/style/style.h"
#include "report/text/append.h"

/* Spaces up to `width` columns of which `used` are taken, and one that separates. */
char *style_pad(char *p, size_t used, size_t width);

/* A text without wide characters or escapes, its bytes being its columns: to the left, and of
 * `size` bytes to the right. */
char *style_left(char *p, const char *text, size_t width);
char *style_right(char *p, const char *text, size_t size, size_t width);

/* "%-*d" */
char *style_number(char *p, const struct cell *cell, size_t width);

/* "%*d": bytes as KB, cut to whole ones. */
char *style_kb(char *p, const struct cell *cell, size_t width);

/*
 * A name, cut to `width` terminal columns, as Python's "%-*.*s" does it. What is not printable is
 * escaped, here and below, and no escape is cut.
 */
char *style_name(char *p, const struct cell *cell, size_t width);

/* ... and to `cut` bytes, as C's "%-*.*s" does it. SIZE_MAX = "%-*s" */
char *style_name_bytes(char *p, const struct cell *cell, size_t width, size_t cut);

/*
 * The socket's family, which is what the peers go by: an IPv4-mapped peer is on an IPv6 socket.
 * Where v6_socket is absent the address tells.
 */
bool style_is_v6(const struct cell *v6_socket, const struct cell *address);

/* An address of a socket of that family, with `absent` for none; and in so many columns. */
char *style_append_address(char *p, const struct cell *cell, bool is_v6, const char *absent);
char *style_address(char *p, const struct cell *cell, bool is_v6, size_t width);

/* What -T and -t put first, where the look has them: the headings, and the time of an event. */
char *style_time_headings(char *p, const struct look *look, const char *time,
                          const char *timestamp);
char *style_times(char *p, struct look *look, const struct cell *time_us);

#endif
