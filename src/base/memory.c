/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much memory is left: the least of what the machine, the control groups (Linux, versions 1 and 2) and
 * ulimit -v leave. A group's cached files count as free: the kernel drops them first. */
#include "base/mem.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/err.h"
#include "base/str.h"

enum { PATH_SIZE = 1024 };

/* The number behind `key` in a file of lines "key number"; key "": the file's first number. NaN: none. */
static double read_number(const char *path, const char *key)
{
    char line[256];
    double found = NAN;
    size_t length = strlen(key);
    FILE *file = fopen(path, "re");
    while (file && isnan(found) && fgets(line, sizeof line, file)) {
        char *end, *from = line + length;
        if (strncmp(line, key, length) != 0) continue;
        double number = strtod(from, &end);
        if (end > from) found = number;
        if (length == 0) break;
    }
    if (file) fclose(file);
    return found;
}

static double lower(double a, double b)
{
    return b < a ? b : a; /* NaN says nothing */
}

static double left_of_machine(const char *root)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/proc/meminfo", root);
    double left = 1024 * read_number(path, "MemAvailable:");
    if (!isnan(left)) return left;
    return (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
}

/* Of one group, by the names that its version has for its files. */
static double left_of_folder(const char *folder, const char *most, const char *used, const char *cached)
{
    char path[PATH_SIZE + 64];
    snprintf(path, sizeof path, "%s/%s", folder, most);
    double limit = read_number(path, "");
    snprintf(path, sizeof path, "%s/%s", folder, used);
    double now = read_number(path, "");
    snprintf(path, sizeof path, "%s/memory.stat", folder);
    double files = read_number(path, cached);
    return limit - now + (isnan(files) ? 0 : files);
}

/* Of the group and those that it lies in; a container may see its own as the topmost. */
static double left_of_group(const char *folder, size_t top, bool second)
{
    char path[PATH_SIZE];
    double left = HUGE_VAL;
    snprintf(path, sizeof path, "%s", folder);
    for (size_t length = strlen(path);; length = strlen(path)) {
        double here = second ? left_of_folder(path, "memory.max", "memory.current", "inactive_file")
                             : left_of_folder(path, "memory.limit_in_bytes", "memory.usage_in_bytes",
                                              "total_inactive_file");
        left = lower(left, here);
        while (length > top && path[length - 1] != '/') length--;
        if (length <= top) return left;
        path[length - 1] = 0;
    }
}

static bool has_word(const char *list, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = list; (at = strstr(at, word)) != NULL; at += length)
        if ((at == list || at[-1] == ',') && (at[length] == ',' || at[length] == 0)) return true;
    return false;
}

/* Lines are NUMBER:CONTROLLERS:PATH, without controllers in version 2. */
static double left_of_groups(const char *root)
{
    char path[PATH_SIZE], line[PATH_SIZE / 2];
    double left = HUGE_VAL;
    snprintf(path, sizeof path, "%s/proc/self/cgroup", root);
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file)) {
        char *controllers = strchr(line, ':'), *group = controllers ? strchr(controllers + 1, ':') : NULL;
        if (!group) continue;
        *group++ = 0;
        group[strcspn(group, "\n")] = 0;
        bool second = controllers[1] == 0;
        if (!second && !has_word(controllers + 1, "memory")) continue;
        int top = snprintf(path, sizeof path, "%s/sys/fs/cgroup%s", root, second ? "" : "/memory");
        if (top < 0 || (size_t)top + strlen(group) >= sizeof path) continue;
        snprintf(path + top, sizeof path - (size_t)top, "%s", group);
        left = lower(left, left_of_group(path, (size_t)top, second));
    }
    if (file) fclose(file);
    return left;
}

static double left_of_limit(const char *root)
{
    struct rlimit limit;
    char path[PATH_SIZE];
    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return HUGE_VAL;
    snprintf(path, sizeof path, "%s/proc/self/statm", root);
    return (double)limit.rlim_cur - read_number(path, "") * (double)sysconf(_SC_PAGESIZE);
}

double mem_left_under(const char *root)
{
    double left = lower(lower(left_of_machine(root), left_of_groups(root)), left_of_limit(root));
    return left > 0 ? left : 0;
}

double mem_left(void)
{
    return mem_left_under("");
}

bool mem_room(double bytes, const char *what, Err *err)
{
    char needed[40], there[40];
    double left = mem_left();
    if (bytes <= left) return true;
    return ERR(err, no_room, what, bytes_text(bytes, needed), bytes_text(left, there));
}
