/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A broken file of every kind: cut off, empty, of another kind, with sizes that nobody can hold, with bytes
 * that cannot be. Each gets a message that says where and what, and a hint or the text of `why` that says
 * what to do; none brings the reader down, and none takes much memory first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <zlib.h>

#include <cmocka.h>

#include "store/modelfile.h"
#include "unit/data_sources.h"

typedef struct Bytes {
    char *at;
    size_t n;
} Bytes;

/* What is done to a sound file. */
typedef struct Break {
    const char *kind; /* the reader; "gzip" and "fnm" beside them */
    const char *flaw; /* for people */
    int keep;         /* per cent of the sound file; 0: `text` instead */
    size_t patch;     /* where `text` is written over it, unless it is empty */
    const char *text;
    size_t n;
    const char *message; /* with FILE for its name, the place before it */
} Break;

#define TEXT(bytes)         0, 0, bytes, sizeof bytes - 1
#define CUT(percent)        percent, 0, "", 0
#define PATCH(where, bytes) 100, where, bytes, sizeof bytes - 1
#define HUGE                "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F"

static const Break breaks[] = {
#include "unit/data_broken.inc"
};

/* ---- sound files */

static Bytes read_bytes(Trial *trial, const char *path)
{
    Bytes bytes = { arena_take(trial->arena, 1 << 20), 0 };
    FILE *file = fopen(path, "rb");
    if (!file) fail_msg("no %s", path);
    bytes.n = fread(bytes.at, 1, 1 << 20, file);
    fclose(file);
    return bytes;
}

static Bytes reference(Trial *trial, const char *name)
{
    const char *source = getenv("FNS_SOURCE");
    return read_bytes(trial, arena_format(trial->arena, "%s/tests/%s", source ? source : ".", name));
}

static Bytes packed(Trial *trial)
{
    const char *path = trial_path(trial, "sound.csv.gz");
    gzFile file = gzopen(path, "wb");
    for (int i = 0; i < 200; i++) gzprintf(file, "%d,%d\n", i, i * i % 97);
    gzclose(file);
    return read_bytes(trial, path);
}

/* What save writes of a small frame. */
static Bytes saved(Trial *trial, const char *name)
{
    trial_text(trial, "small.csv", "id,x,g\n1,0.5,a\n2,,b\n3,2.5,a\n");
    Frame *frame = trial_load(trial, "small.csv");
    int g = strstr(name, ".npy") ? frame_find(frame, "g") : -1;
    if (g >= 0) frame_drop_columns(frame, &g, 1, NULL);
    if (!trial_save(trial, frame, name)) fail_msg("%s: %s", name, trial->err.message);
    frame_unref(frame);
    return read_bytes(trial, trial_path(trial, name));
}

static Bytes sound(Trial *trial, const char *kind)
{
    static const struct {
        const char *kind, *file;
    } kept[] = { { "dta", "reference/statfiles/new.dta" },
                 { "sav", "reference/statfiles/plain.sav" },
                 { "sas7bdat", "reference/statfiles/plain.sas7bdat" },
                 { "idx", "fuzz/corpus/idx/images" },
                 { "fnm", "fuzz/corpus/model/net.fnm" } };
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (!strcmp(kept[i].kind, kind)) return reference(trial, kept[i].file);
    if (!strcmp(kind, "gzip")) return packed(trial);
    return saved(trial, arena_format(trial->arena, "sound.%s", strcmp(kind, "sqlite") ? kind : "db"));
}

/* ---- breaking */

static Bytes broken(Trial *trial, const Break *how)
{
    if (how->keep == 0) return (Bytes){ (char *)(size_t)how->text, how->n };
    Bytes bytes = sound(trial, how->kind);
    bytes.n = bytes.n * (size_t)how->keep / 100;
    if (how->n) memcpy(bytes.at + how->patch, how->text, how->n);
    return bytes;
}

static bool load_broken(Trial *trial, const char *kind, const char *path)
{
    err_clear(&trial->err);
    if (!strcmp(kind, "fnm")) {
        Net *net = NULL;
        Model *model = NULL;
        bool ok = modelfile_load(path, "m", &net, &model, &trial->err);
        if (net) net_unref(net);
        if (model) model_unref(model);
        return ok;
    }
    const char *format = strcmp(kind, "gzip") ? kind : "csv";
    Frame *frame = frame_load(path, format, &trial->load, &trial->report, &trial->notes, NULL, &trial->err);
    if (frame) frame_unref(frame);
    return frame != NULL;
}

/* The place and the message, the file's name as FILE. */
static void say(const Trial *trial, const char *path, Buf *out)
{
    char text[2048];
    snprintf(text, sizeof text, "%s%s%s", trial->err.place, *trial->err.place ? ": " : "",
             trial->err.message);
    for (const char *at = text; *at;) {
        bool name = strncmp(at, path, strlen(path)) == 0;
        if (name)
            buf_puts(out, "FILE");
        else
            buf_putc(out, *at);
        at += name ? strlen(path) : 1;
    }
}

static bool what_to_do(const Trial *trial)
{
    return *trial->err.hint || strlen(err_code_why(trial->err.code)) > 20;
}

static void each_has_its_message(void **state)
{
    int n_wrong = 0;
    bool show = getenv("FNS_SHOW") != NULL;
    (void)state;
    for (size_t i = 0; i < sizeof breaks / sizeof *breaks; i++) {
        Trial trial;
        Buf said = { 0 };
        trial_begin(&trial);
        Bytes bytes = broken(&trial, &breaks[i]);
        trial_write(&trial, "FILE", bytes.at, bytes.n);
        const char *path = trial_path(&trial, "FILE");
        bool read = load_broken(&trial, breaks[i].kind, path);
        if (!read && trial.err.message_id == MSG_no_readstat) {
            print_message("skipped: %s, for this build has no ReadStat\n", breaks[i].kind);
        } else {
            say(&trial, path, &said);
            bool right = !read && !strcmp(buf_text(&said), breaks[i].message) && what_to_do(&trial);
            if (!right || show)
                print_message("%s, %s: %s %s [%s]\n", breaks[i].kind, breaks[i].flaw, read ? "is read" : "",
                              buf_text(&said), trial.err.hint);
            n_wrong += !right;
        }
        buf_free(&said);
        trial_end(&trial);
    }
    assert_int_equal(n_wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(each_has_its_message) };
    return cmocka_run_group_tests_name("data_broken", tests, NULL, NULL);
}
