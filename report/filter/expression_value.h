/* SPDX-License-Identifier: BSD-2-Clause */
/* Values as they are typed in an expression, by the type of the field that they are compared with.
 */
#ifndef REPORT_FILTER_EXPRESSION_VALUE_H
#define REPORT_FILTER_EXPRESSION_VALUE_H

#include "report/filter/expression_token.h"

/* "a duration", ...: what a field of that type is. */
const char *value_type_name(enum tlz_type type);

/* Each: 0 and *ret; or -EINVAL after saying what is wrong with the token. */

/* Of every type but addresses and names. */
int value_integer(const struct expression_place *place, enum tlz_field field,
                  const struct token *token, uint64_t *ret);

/* An address, a network (a prefix with its length) where that is taken, or a name. */
int value_net(const struct expression_place *place, enum tlz_field field, const struct token *token,
              bool takes_prefix, struct net *ret);

/* There is no such field: which is meant? */
int value_no_field(const struct expression_place *place, enum tlz_kind kind,
                   const struct token *token);

#endif
