/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Splits: the plan's stages one after the other, and the rows of a part. */
#include "data/split.h"

#include <math.h>
#include <string.h>

#include "data/foldplan.h"
#include "data/cellorder.h"
#include "data/sample.h"
#include "data/splitwork.h"

static char *own_text(const char *text)
{
    size_t length = strlen(text) + 1;
    return memcpy(mem_own(length), text, length);
}

static Split *split_blank(size_t n, const char *words, Err *err)
{
    uint8_t *part = mem_get(n, sizeof *part, err);
    if (!part) return NULL;
    memset(part, PART_NONE, n);
    Split *split = mem_own(sizeof *split);
    atomic_init(&split->refs, 1);
    split->part = part;
    split->n = n;
    split->n_parts = 3;
    split->names[PART_TRAIN] = own_text("train");
    split->names[PART_VALID] = own_text("valid");
    split->names[PART_TEST] = own_text("test");
    split->words = own_text(words ? words : "");
    return split;
}

void split_training_bits(const Split *split, uint8_t *bits)
{
    memset(bits, 0, (split->n + 7) / 8);
    for (size_t i = 0; i < split->n; i++)
        if (split->part[i] == PART_TRAIN) bits[i / 8] |= (uint8_t)(1u << i % 8);
}

static bool split_holds(const uint8_t *part, size_t n, const char *const *names, int n_parts)
{
    bool known = n_parts >= 3 && n_parts <= PARTS_MAX && !strcmp(names[PART_TRAIN], "train") &&
                 !strcmp(names[PART_VALID], "valid") && !strcmp(names[PART_TEST], "test");
    for (size_t i = 0; known && i < n; i++) known = part[i] < n_parts || part[i] == PART_NONE;
    return known;
}

Split *split_restore(const uint8_t *part, size_t n, const char *const *names, int n_parts, const char *words,
                     Err *err)
{
    if (!split_holds(part, n, names, n_parts)) {
        ERR(err, bad_prep, "its split");
        return NULL;
    }
    Split *split = split_blank(n, words, err);
    if (!split) return NULL;
    memcpy(split->part, part, n);
    for (; split->n_parts < n_parts; split->n_parts++)
        split->names[split->n_parts] = own_text(names[split->n_parts]);
    return split;
}

Split *split_from_training_bits(const uint8_t *bits, size_t n, Err *err)
{
    Split *split = split_blank(n, "", err);
    for (size_t i = 0; split && i < n; i++)
        split->part[i] = bits[i / 8] >> i % 8 & 1 ? PART_TRAIN : PART_NONE;
    return split;
}

Split *split_ref(Split *split)
{
    if (split) atomic_fetch_add(&split->refs, 1);
    return split;
}

void split_unref(Split *split)
{
    if (!split || atomic_fetch_sub(&split->refs, 1) != 1) return;
    for (int i = 0; i < split->n_parts; i++) mem_free(split->names[i]);
    mem_free(split->words);
    mem_free(split->part);
    mem_free(split);
}

int split_part_number(Split *split, const char *name, Err *err)
{
    for (int i = 0; i < split->n_parts; i++)
        if (strcmp(split->names[i], name) == 0) return i;
    if (split->n_parts == PARTS_MAX || strcmp(name, "all") == 0) {
        ERR(err, bad_split,
            split->n_parts == PARTS_MAX ? "it would have more than 64 parts"
                                        : "'all' means every row, and is no name");
        return -1;
    }
    split->names[split->n_parts] = own_text(name);
    return split->n_parts++;
}

/* Sequences and trees are divided whole, unless every row is a target and the order is that of time. */
bool split_divides_samples(const Frame *frame, const SplitPlan *plan)
{
    return sample_is_whole(&frame->sample) && !(frame->sample.every && plan->order == 1);
}

bool split_is_ordered(const Frame *frame, const SplitPlan *plan)
{
    return plan->order == 1 ||
           (plan->order == 0 && frame_is_ordered(frame) && !split_divides_samples(frame, plan));
}

unsigned split_taint(const Frame *frame, const SplitPlan *plan)
{
    bool shuffles =
        frame_is_ordered(frame) && !split_is_ordered(frame, plan) && !split_divides_samples(frame, plan);
    return shuffles ? TAINT_SHUFFLED_TIME : TAINT_NONE;
}

static bool has_folds(const SplitPlan *plan)
{
    return plan->fold_of_row || plan->fold_column >= 0;
}

static bool check_plan(const SplitWork *work, Err *err)
{
    const SplitPlan *plan = work->plan;
    bool given = plan->given_train || plan->given_valid || plan->given_test;
    bool gap = plan->purge.type != VALUE_MISSING || plan->embargo.type != VALUE_MISSING;
    if (work->frame->n_rows == 0) return ERR(err, bad_split, "the frame has no rows");
    if (has_folds(plan) && given)
        return ERR(err, bad_split, "folds= stands without train=, valid=, test= fractions");
    if (plan->stratify >= 0 && plan->group >= 0)
        return ERR(err, bad_split, "stratify= and group= exclude each other");
    if (work->ordered && (plan->stratify >= 0 || plan->group >= 0)) {
        ERR(err, bad_split, "stratify= and group= do not go with time order");
        return err_hint(err, "write order=random if rows of all times may train");
    }
    if (gap && !work->ordered)
        return ERR(err, bad_split, "purge= and embargo= need time order (a time role, or order=time)");
    return true;
}

/* The shares of train, valid, test and none among the rows that no range took. */
static bool find_shares(SplitWork *work, Err *err)
{
    const SplitPlan *plan = work->plan;
    const double given[] = { plan->given_train ? plan->train : 0, plan->given_valid ? plan->valid : 0,
                             plan->given_test ? plan->test : 0 };
    double sum = 0;
    for (int p = 0; p < 3; p++) {
        if (!(given[p] >= 0 && given[p] <= 1))
            return ERR(err, bad_split, "a fraction must lie between 0% and 100%");
        work->share[p] = given[p];
        sum += given[p];
    }
    if (sum > 1 + 1e-9) {
        ERR(err, bad_split, "the fractions sum to more than 100%");
        return err_detail(err, "train %g%%, valid %g%%, test %g%%: %g%%", given[0] * 100, given[1] * 100,
                          given[2] * 100, sum * 100);
    }
    double rest = sum < 1 - 1e-9 ? 1 - sum : 0;
    bool train_is_range = false;
    for (int i = 0; i < plan->n_ranges; i++)
        train_is_range = train_is_range || text_equal(plan->ranges[i].name, "train");
    int rest_part = plan->given_train || train_is_range ? SHARES - 1 : PART_TRAIN;
    work->share[rest_part] += rest;
    return true;
}

/* The folds as a column of numbers or levels; one reference. */
static Column *fold_column(const SplitWork *work, Err *err)
{
    const SplitPlan *plan = work->plan;
    if (!plan->fold_of_row) return column_ref(work->frame->columns[plan->fold_column].column);
    Column *column = column_new(COLUMN_INTEGER, work->frame->n_physical, err);
    for (size_t i = 0; column && i < column->n; i++)
        column->integers[i] = plan->fold_of_row[i] < 0 ? INTEGER_MISSING : plan->fold_of_row[i];
    return column;
}

/* Parts fold1, fold2, ... in order of value, without the one that becomes test. */
static bool name_folds(Split *split, uint32_t n, uint32_t test, Err *err)
{
    for (uint32_t k = 1; k <= n; k++) {
        if (k == test) continue;
        char name[40] = "fold";
        err_int(name + 4, k);
        if (split_part_number(split, name, err) < 0) return false;
    }
    return true;
}

static bool put_folds(SplitWork *work, const Column *column, uint32_t *classes, Err *err)
{
    size_t n = 0;
    for (size_t i = 0; i < work->n; i++)
        if (!column_is_missing(column, work->rows[i])) work->rows[n++] = work->rows[i];
    work->n = n;
    uint32_t n_folds;
    if (!rows_classes(column, work->rows, n, classes, &n_folds, err)) return false;
    if (n_folds < 2 || n_folds > PARTS_MAX - 3)
        return ERR(err, bad_split, "a fold column has 2 to 61 different values");
    uint32_t test = (uint32_t)work->plan->test_fold;
    if (test > n_folds) return ERR(err, bad_split, "test= names a fold that is not there");
    if (!name_folds(work->split, n_folds, test, err)) return false;
    for (size_t i = 0; i < n; i++) {
        uint32_t fold = classes[i] + 1, place = fold - 1 - (test && fold > test);
        work->split->part[work->rows[i]] = fold == test ? PART_TEST : (uint8_t)(3 + place);
    }
    return true;
}

static bool assign_folds(SplitWork *work, Err *err)
{
    if (work->split->n_parts > 3)
        return ERR(err, bad_split, "folds= goes with ranges for train, valid and test only");
    Column *column = fold_column(work, err);
    uint32_t *classes = column ? mem_get(work->n, sizeof *classes, err) : NULL;
    bool ok = classes && put_folds(work, column, classes, err);
    work->split->folds = true;
    mem_free(classes);
    column_unref(column);
    return ok;
}

static bool assign(SplitWork *work, Err *err)
{
    if (has_folds(work->plan)) return assign_folds(work, err);
    if (work->ordered) return split_by_order(work, err);
    if (work->plan->group >= 0) return split_by_group(work, err);
    if (work->plan->stratify >= 0) return split_by_class(work, err);
    return split_by_chance(work, err);
}

void split_count(const Split *split, size_t counts[256])
{
    enum { LANES = 4 }; /* equal neighbours count in different places: no count waits for the one before */
    uint32_t lanes[LANES][256] = { { 0 } };
    for (size_t i = 0; i < split->n; i++) lanes[i % LANES][split->part[i]]++;
    for (int p = 0; p < 256; p++) counts[p] = (size_t)lanes[0][p] + lanes[1][p] + lanes[2][p] + lanes[3][p];
}

static bool check_parts(const SplitWork *work, Err *err)
{
    const Split *split = work->split;
    size_t counts[256];
    split_count(split, counts);
    for (int p = 0; p < split->n_parts; p++) {
        bool wanted = p >= 3 || work->share[p] > 0 || (p == PART_TRAIN && !split->folds);
        if (!wanted || counts[p] > 0) continue;
        ERR(err, empty_part, split->names[p]);
        if (split->purged) err_detail(err, "%zu rows were purged at the cuts", split->purged);
        return err_hint(err, "the frame has %zu rows", work->frame->n_rows);
    }
    return true;
}

static bool make(SplitWork *work, Notes *notes, Err *err)
{
    if (!check_plan(work, err) || !split_take_ranges(work, err)) return false;
    if (!has_folds(work->plan) && !find_shares(work, err)) return false;
    if (!assign(work, err)) return false;
    if (work->ordered && !split_purge(work, err)) return false;
    if (!check_parts(work, err)) return false;
    size_t left = 0;
    for (size_t i = 0; i < work->n; i++) left += work->split->part[work->rows[i]] == PART_NONE;
    if (work->split->purged) NOTE(notes, rows_purged, INT(work->split->purged));
    if (left > work->split->purged) NOTE(notes, rows_not_split, INT(left - work->split->purged));
    return true;
}

/* The work's rows are the target rows of whole samples. */
static bool keep_owners(SplitWork *work, const uint32_t *owners)
{
    work->n = 0;
    for (size_t i = 0; i < work->frame->n_rows; i++)
        if (owners[i] == i) work->rows[work->n++] = (uint32_t)frame_physical(work->frame, i);
    return true;
}

static void spread_parts(const SplitWork *work, const uint32_t *owners)
{
    const Frame *frame = work->frame;
    for (size_t i = 0; i < frame->n_rows; i++)
        if (owners[i] != SAMPLE_NO_ROW)
            work->split->part[frame_physical(frame, i)] = work->split->part[frame_physical(frame, owners[i])];
}

static bool make_by_sample(SplitWork *work, Notes *notes, Err *err)
{
    uint32_t *owners = mem_get(work->frame->n_rows, sizeof *owners, err);
    bool ok = owners && sample_owners(work->frame, owners, err) && keep_owners(work, owners) &&
              make(work, notes, err);
    if (ok) spread_parts(work, owners);
    mem_free(owners);
    return ok;
}

Split *split_make(const Frame *frame, const SplitPlan *plan, Notes *notes, Err *err)
{
    if (frame->n_physical >= UINT32_MAX) {
        ERR(err, too_many_rows, INT(UINT32_MAX - 1), INT(frame->n_physical));
        return NULL;
    }
    SplitWork work = { .frame = frame, .plan = plan, .n = frame->n_rows };
    work.ordered = !has_folds(plan) && split_is_ordered(frame, plan);
    work.split = split_blank(frame->n_physical, plan->words, err);
    work.rows = mem_stretch(NULL, 0, frame->n_rows, sizeof *work.rows, err);
    bool ok = work.split && work.rows;
    for (size_t i = 0; ok && i < work.n; i++) work.rows[i] = (uint32_t)frame_physical(frame, i);
    if (ok)
        ok = split_divides_samples(frame, plan) ? make_by_sample(&work, notes, err) : make(&work, notes, err);
    mem_free(work.rows);
    if (ok) return work.split;
    split_unref(work.split);
    return NULL;
}

static bool no_part(const Frame *frame, const char *name, Err *err)
{
    ERR(err, no_part, name);
    if (!frame->split)
        return err_hint(err, "%s is not split: split it first, or use part=all", frame_label(frame));
    size_t counts[256] = { 0 };
    for (size_t i = 0; i < frame->n_rows; i++) counts[frame->split->part[frame_physical(frame, i)]]++;
    for (int p = 0; p < frame->split->n_parts; p++)
        if (counts[p]) err_detail(err, "%s: %zu rows", frame->split->names[p], counts[p]);
    return frame->split->folds && !counts[PART_TRAIN]
               ? err_hint(err, "the split is in folds: use crossvalidate")
               : false;
}

/* The number of a part, -1 for every row, or -2: there is none. */
static int find_part(const Frame *frame, const char *name)
{
    if (strcmp(name, "all") == 0) return -1;
    if (!frame->split) return strcmp(name, "train") == 0 ? -1 : -2;
    for (int p = 0; p < frame->split->n_parts; p++)
        if (strcmp(frame->split->names[p], name) == 0) return p;
    return -2;
}

bool frame_part(const Frame *frame, const char *name, uint32_t **rows, size_t *n, Err *err)
{
    int part = find_part(frame, name);
    *n = 0;
    *rows = NULL;
    if (part == -2) return no_part(frame, name, err);
    *rows = mem_get(frame->n_rows, sizeof **rows, err);
    if (!*rows) return false;
    for (size_t i = 0; i < frame->n_rows; i++)
        if (part == -1 || frame->split->part[frame_physical(frame, i)] == part) (*rows)[(*n)++] = (uint32_t)i;
    if (*n > 0 || part == -1) return true;
    mem_free(*rows);
    *rows = NULL;
    return no_part(frame, name, err);
}

/* The part that a row outside every fold keeps: test and named ranges. */
static uint8_t kept_part(const Split *old, size_t physical)
{
    if (!old || physical >= old->n) return PART_NONE;
    uint8_t part = old->part[physical];
    bool is_named = part >= 3 && !old->folds;
    return part == PART_TEST || is_named ? part : PART_NONE;
}

/* As the frame's split, without a row in a part. */
static Split *split_like(const Frame *frame, Err *err)
{
    const Split *old = frame->split;
    Split *split = split_blank(frame->n_physical, old ? old->words : "", err);
    for (int p = 3; split && old && !old->folds && p < old->n_parts; p++)
        split_part_number(split, old->names[p], NULL);
    return split;
}

Split *split_from_parts(const Frame *frame, const uint8_t *part, Err *err)
{
    Split *split = split_like(frame, err);
    for (size_t i = 0; split && i < frame->n_rows; i++) {
        size_t physical = frame_physical(frame, i);
        uint8_t kept = kept_part(frame->split, physical);
        split->part[physical] = kept == PART_NONE ? part[i] : kept;
    }
    return split;
}

Split *split_from_folds(const Frame *frame, const int32_t *fold, int k, Err *err)
{
    const Split *old = frame->split;
    Split *split = split_like(frame, err);
    if (!split) return NULL;
    size_t counts[2] = { 0, 0 };
    for (size_t i = 0; i < frame->n_rows; i++) {
        size_t physical = frame_physical(frame, i);
        uint8_t part = kept_part(old, physical);
        if (part == PART_NONE && fold[i] >= 0) {
            part = fold[i] == k ? PART_VALID : PART_TRAIN;
            counts[part]++;
        }
        split->part[physical] = part;
    }
    if (counts[PART_TRAIN] && counts[PART_VALID]) return split;
    ERR(err, empty_part, split->names[counts[PART_TRAIN] ? PART_VALID : PART_TRAIN]);
    split_unref(split);
    return NULL;
}
