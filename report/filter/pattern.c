/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/filter/pattern.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_letter_or_digit(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool text_take_byte(const char **text, const char *end, uint8_t *ret_byte, bool *ret_is_escaped)
{
    const char *p = *text;

    *ret_is_escaped = *p == '\\';
    *ret_byte = (uint8_t)*p;
    if (*p == '\\' && end - p >= 4 && p[1] == 'x') {
        int high = hex_digit(p[2]), low = hex_digit(p[3]);

        if (high < 0 || low < 0 || (high == 0 && low == 0))
            return false;
        *ret_byte = (uint8_t)(high << 4 | low);
        *text = p + 4;
        return true;
    }
    if (*p == '\\' && (end - p < 2 || is_letter_or_digit(p[1])))
        return false;
    if (*p == '\\')
        *ret_byte = (uint8_t) * ++p;
    *text = p + 1;
    return true;
}

static void set_add(uint64_t set[4], unsigned int first, unsigned int last)
{
    for (unsigned int byte = first; byte <= last; byte++)
        set[byte / 64] |= UINT64_C(1) << (byte % 64);
}

static bool set_has(const uint64_t set[4], uint8_t byte)
{
    return set[byte / 64] >> (byte % 64) & 1;
}

/* One byte of a class, or two with a hyphen between. */
static const char *take_range(const char **text, const char *end, uint64_t set[4])
{
    uint8_t first, last;
    bool is_escaped;

    if (!text_take_byte(text, end, &first, &is_escaped))
        return "a backslash wants xNN or a sign behind it";
    last = first;
    if (end - *text >= 2 && (*text)[0] == '-' && (*text)[1] != ']') {
        ++*text;
        if (!text_take_byte(text, end, &last, &is_escaped))
            return "a backslash wants xNN or a sign behind it";
    }
    if (last < first)
        return "the range in [] runs backwards";
    set_add(set, first, last);
    return NULL;
}

/* Behind the '['. What is wrong, or NULL. */
static const char *take_class(const char **text, const char *end, uint64_t set[4])
{
    bool is_other = *text < end && (**text == '!' || **text == '^');
    bool is_first = true;

    *text += is_other;
    for (; *text < end && (**text != ']' || is_first); is_first = false) {
        const char *problem = take_range(text, end, set);

        if (problem)
            return problem;
    }
    if (*text == end)
        return "a '[' wants a ']'";
    ++*text;
    for (int i = 0; is_other && i < 4; i++)
        set[i] = ~set[i];
    return NULL;
}

static const char *take_element(const char **text, const char *end, struct pattern_element *ret)
{
    uint8_t byte;
    bool is_escaped;

    *ret = (struct pattern_element){0};
    if (!text_take_byte(text, end, &byte, &is_escaped))
        return "a backslash wants xNN or a sign behind it";
    if (!is_escaped && byte == '[')
        return take_class(text, end, ret->set);
    if (!is_escaped && byte == '*')
        ret->is_star = true;
    else if (!is_escaped && byte == '?')
        set_add(ret->set, 0, UINT8_MAX);
    else
        set_add(ret->set, byte, byte);
    return NULL;
}

const char *pattern_compile(struct pattern *ret, const char *text, const char *end,
                            const char **ret_place)
{
    ret->count = 0;
    for (*ret_place = text; text < end; *ret_place = text) {
        const char *problem;

        if (ret->count == PATTERN_ELEMENTS_MAX)
            return "the pattern is too long";
        problem = take_element(&text, end, &ret->element[ret->count]);
        if (problem)
            return problem;
        ret->count++;
    }
    return NULL;
}

/* Only the last star may take more: what stands before it was found as early as can be. */
bool pattern_matches(const struct pattern *pattern, const void *bytes, size_t size)
{
    const uint8_t *b = bytes;
    size_t at = 0, star_at = 0;
    uint32_t element = 0, star = UINT32_MAX;

    while (at < size || element < pattern->count) {
        const struct pattern_element *e = &pattern->element[element];

        if (element < pattern->count && e->is_star) {
            star = element++;
            star_at = at;
        } else if (element < pattern->count && at < size && set_has(e->set, b[at])) {
            element++;
            at++;
        } else if (star != UINT32_MAX && star_at < size) {
            element = star + 1;
            at = ++star_at;
        } else {
            return false;
        }
    }
    return true;
}

static struct pattern_answer *answer_of(struct pattern *pattern, const struct tlz_bytes *name)
{
    uint64_t half[2];

    memcpy(half, name->b, sizeof half);
    half[0] = (half[0] ^ half[1] * UINT64_C(0x9e3779b97f4a7c15)) * UINT64_C(0xc2b2ae3d27d4eb4f);
    return &pattern->known[half[0] >> 58];
}

bool pattern_matches_name(struct pattern *pattern, const struct tlz_bytes *name)
{
    struct pattern_answer *answer = answer_of(pattern, name);

    if (!answer->is_known || memcmp(&answer->name, name, sizeof *name) != 0) {
        size_t size = strnlen((const char *)name->b, sizeof name->b);

        *answer = (struct pattern_answer){*name, true, pattern_matches(pattern, name->b, size)};
    }
    return answer->matches;
}
