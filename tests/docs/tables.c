/* SPDX-License-Identifier: BSD-2-Clause */
/* Prints a table of docs/FORMAT.md, as the library has it: fields, metadata, enumerations or
 * limits. */
#include <inttypes.h>
#include <stdio.h>

#include "format/tlz.h"

static const char *type_name(enum tlz_type type)
{
    switch (type) {
    case TLZ_TYPE_ENUM:
        return "enumeration";
    case TLZ_TYPE_BOOL:
        return "0 or 1";
    case TLZ_TYPE_ADDRESS:
        return "address";
    case TLZ_TYPE_NAME:
        return "name";
    default:
        return *tlz_type_unit(type) ? tlz_type_unit(type) : "number";
    }
}

static void print_greatest(const struct tlz_field_info *f)
{
    if (tlz_type_is_bytes(f->type))
        printf("16 bytes");
    else if (f->max == UINT64_MAX)
        printf("2^64 - 1");
    else if (f->max == INT64_MAX)
        printf("2^63 - 1");
    else if (f->max == UINT32_MAX)
        printf("2^32 - 1");
    else
        printf("%" PRIu64, f->max);
}

/* Of whose rows it is. */
static const char *kind_names(enum tlz_field f)
{
    bool of_states = tlz_fieldset_has(&tlz_kinds[TLZ_STATES].fields, f);

    if (!tlz_fieldset_has(&tlz_kinds[TLZ_SESSIONS].fields, f))
        return "C";
    return of_states ? "S, C" : "S";
}

static void print_fields(void)
{
    printf("| number | of | name | value | greatest | |\n|---|---|---|---|---|---|\n");
    for (uint64_t number = 1; number <= TLZ_FIELD_NUMBER_MAX; number++) {
        enum tlz_field f = tlz_field_by_number(number);
        const struct tlz_field_info *info = &tlz_fields[f];

        if (f == TLZ_FIELD_COUNT)
            continue;
        printf("| %u | %s | %s | %s | ", info->number, kind_names(f), info->name,
               type_name(info->type));
        print_greatest(info);
        printf(" | %s |\n", info->help);
    }
}

static const char *meta_type_name(enum tlz_meta_type type)
{
    switch (type) {
    case TLZ_METATYPE_TEXT:
        return "text";
    case TLZ_METATYPE_NUMBER:
        return "number";
    case TLZ_METATYPE_BYTES:
        return "number of bytes";
    case TLZ_METATYPE_TIME:
        return "microseconds since 1970-01-01 UTC";
    case TLZ_METATYPE_DURATION:
        return "microseconds";
    case TLZ_METATYPE_ID:
        return "16 bytes";
    }
    return "";
}

static void print_metadata(void)
{
    printf("| tag | name | value | |\n|---|---|---|---|\n");
    for (int tag = 0; tag < TLZ_META_TAG_COUNT; tag++)
        printf("| %u | %s | %s | %s |\n", tlz_meta_tags[tag].number, tlz_meta_tags[tag].name,
               meta_type_name(tlz_meta_tags[tag].type), tlz_meta_tags[tag].help);
}

static void print_enumeration(const char *name, enum tlz_enum enumeration)
{
    const char *separator = " | ";

    printf("| %s", name);
    for (uint64_t value = 0; value < 64; value++) {
        if (!tlz_enum_name(enumeration, value))
            continue;
        printf("%s%" PRIu64 " %s", separator, value, tlz_enum_name(enumeration, value));
        separator = ", ";
    }
    printf(" |\n");
}

static void print_enumerations(void)
{
    printf("| | |\n|---|---|\n");
    print_enumeration("direction", TLZ_ENUM_DIRECTION);
    print_enumeration("end", TLZ_ENUM_END);
    print_enumeration("last_state, old_state, new_state", TLZ_ENUM_STATE);
}

static void print_limits(void)
{
    printf("| | at most |\n|---|---|\n");
    printf("| body of a block | %u bytes |\n", TLZ_BODY_MAX);
    printf("| rows in a block | %u |\n", TLZ_ROWS_MAX);
    printf("| ... for each byte of its body | %u |\n", TLZ_ROWS_A_BYTE);
    printf("| tables in a block | %u |\n", TLZ_TABLES_MAX);
    printf("| columns in a block | %u |\n", TLZ_COLUMNS_MAX);
    printf("| terms of a column | %u |\n", TLZ_TERMS_MAX);
    printf("| terms of all columns of a block | %u |\n", TLZ_TERMS_TOTAL);
    printf("| decompressed content of a joint block | %u bytes |\n", TLZ_JOINT_MAX);
    printf("| text in metadata | %u bytes |\n", TLZ_META_TEXT_MAX);
    printf("| name | %u bytes |\n", TLZ_NAME_MAX);
    printf("| entries of an index block | %u |\n", TLZ_INDEX_MAX);
    printf("| number of a source | %u |\n", TLZ_SOURCES_MAX - 1);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*print)(void);
    } tables[] = {{"fields", print_fields},
                  {"metadata", print_metadata},
                  {"enumerations", print_enumerations},
                  {"limits", print_limits}};

    for (size_t i = 0; argc == 2 && i < sizeof tables / sizeof *tables; i++) {
        if (!strcmp(argv[1], tables[i].name)) {
            tables[i].print();
            return 0;
        }
    }
    fprintf(stderr, "usage: tables fields|metadata|enumerations|limits\n");
    return 2;
}
