/* SPDX-License-Identifier: BSD-2-Clause */
/* Landlock, the kernel's way for a program to give up files, network and signals by itself. */
#ifndef UTIL_LANDLOCK_RULES_H
#define UTIL_LANDLOCK_RULES_H

/* What is allowed beneath a directory, or of a file; several by |. */
enum landlock_right {
    LANDLOCK_READ = 1 << 0,    /* read the file, or those beneath */
    LANDLOCK_LIST = 1 << 1,    /* list the directory, and those beneath */
    LANDLOCK_WRITE = 1 << 2,   /* write to the file, or those beneath */
    LANDLOCK_REPLACE = 1 << 3, /* make, rename and remove files in the directory */
};

/* A set of rules. What no rule allows is forbidden once it is in force, but for what is open. */
struct landlock_rules {
    int fd;  /* the set; or a negative errno: there is none, and why */
    int abi; /* the version of the kernel's interface */
};

/* Begins a set that forbids all that this kernel's Landlock can. -ENOPKG: left out of the build. */
void landlock_rules_open(struct landlock_rules *rules);

/*
 * Allows something at `path`. One that cannot be opened gets no rule: opening it later says why.
 * When a rule fails for another reason the set is given up.
 */
void landlock_rules_allow(struct landlock_rules *rules, int rights, const char *path);

/* Puts the set in force, for good, and frees it. 0 or a negative errno. */
int landlock_rules_enter(struct landlock_rules *rules);

/* Frees the set without putting it in force. Fine when there is none. */
void landlock_rules_close(struct landlock_rules *rules);

#endif
