/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gradients of every registered layer with every value of its options, of every activation, and of every loss
 * behind every activation that it takes, against central differences in the double library. Registries and
 * option tables are iterated: a new kind, or a new option of a kind, is checked without being named here; one
 * that stands on none of the grounds below has to stand in the net of its own example. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "support/gradients.h"

enum { MOST_OPTIONS = 16, MOST_VALUES = 24, TEXT = 96 };

/* ---- what an option may be */

/* Values of numbers that take other ways through a layer; the rest keep their defaults. */
static const struct Numbers {
    const char *option, *values[4];
} numbers[] = {
    { "kernel", { "2", "3,1" } },
    { "stride", { "1", "2" } },
    { "dilation", { "1", "2" } },
    { "size", { "2", "3" } },
    { "width", { "2", "1" } },
    { "rate", { "30%", "0%" } },
    { "momentum", { "0.9", "0" } },
    { "epsilon", { "1e-5", "0.1" } },
    { "levels", { "4" } },
    { "sd", { "0.3" } },
    { "sizes", { "2,3", "3,7", "4,15" } },
    { "factor", { "2", "3", "1,2" } },
    { "heads", { "2", "1", "4" } },
};

/* One option of a layer: the texts "name=value" to go through. */
typedef struct Axis {
    const OptionSpec *spec;
    char texts[MOST_VALUES][TEXT];
    int n, at;
    bool stood[MOST_VALUES];
} Axis;

typedef struct Axes {
    const Kind *kind;
    Axis items[MOST_OPTIONS];
    int n;
} Axes;

static void add_value(Axis *axis, const char *value, size_t length)
{
    assert_true(axis->n < MOST_VALUES);
    snprintf(axis->texts[axis->n++], TEXT, "%s=%.*s", axis->spec->name, (int)length, value);
}

static void add_words(Axis *axis, const char *words)
{
    for (size_t length; *words; words += length + (words[length] == '|')) {
        length = strcspn(words, "|");
        add_value(axis, words, length);
    }
}

static void add_numbers(Axis *axis)
{
    bool list = axis->spec->flags & OPTION_LIST;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        for (int k = 0; text_equal(numbers[i].option, axis->spec->name) && numbers[i].values[k]; k++)
            if (list || !strchr(numbers[i].values[k], ','))
                add_value(axis, numbers[i].values[k], strlen(numbers[i].values[k]));
    if (axis->n > 0 || !(axis->spec->flags & OPTION_REQUIRED)) return;
    const char *usual = axis->spec->type == OPTION_INTEGER ? "4" : "0.3";
    add_value(axis, usual, strlen(usual));
}

static void add_kinds(Axis *axis)
{
    const char *first = axis->spec->initial ? axis->spec->initial : "tanh";
    add_value(axis, first, strlen(first));
    for (int i = 0; i < axis->spec->kinds->n; i++) {
        const char *name = axis->spec->kinds->items[i]->name;
        if (!text_equal(name, first)) add_value(axis, name, strlen(name));
    }
}

static bool is_init(const OptionSpec *spec)
{
    size_t n = strlen(spec->name);
    return n >= 4 && text_equal(spec->name + n - 4, "init");
}

static Axes axes_of(const Kind *kind)
{
    Axes axes = { .kind = kind };
    assert_true(kind->n_options <= MOST_OPTIONS);
    for (int k = 0; k < kind->n_options; k++) {
        Axis *axis = &axes.items[axes.n];
        *axis = (Axis){ .spec = &kind->options[k] };
        if (axis->spec->type == OPTION_BOOL) add_words(axis, "off|on");
        if (axis->spec->type == OPTION_WORD && !is_init(axis->spec)) add_words(axis, axis->spec->words);
        if (axis->spec->type == OPTION_KIND) add_kinds(axis);
        if (axis->spec->type <= OPTION_FRACTION) add_numbers(axis);
        axes.n += axis->n > 0;
    }
    return axes;
}

/* The next of all combinations, but for kinds (activations), of which one at a time leaves its default. */
static bool next_values(Axes *axes)
{
    int moved = -1;
    for (int k = 0; k < axes->n; k++) {
        Axis *axis = &axes->items[k];
        bool kinds = axis->spec->type == OPTION_KIND;
        if (kinds && axis->at > 0) moved = k;
        if (kinds) continue;
        if (++axis->at < axis->n) return true;
        axis->at = 0;
    }
    for (int k = moved < 0 ? 0 : moved; k < axes->n; k++) {
        Axis *axis = &axes->items[k];
        if (axis->spec->type != OPTION_KIND) continue;
        if (++axis->at < axis->n) return true;
        axis->at = 0;
    }
    return false;
}

/* ---- what a layer may stand on */

/* The layer stands between others with weights, so that the gradient of its input counts too. */
static const struct Ground {
    const char *before;
    bool codes, ragged, trees;
} grounds[] = {
    { "input 3; dense 6 tanh", false, false, false },
    { "input 8 2; conv1d 3 tanh kernel=2", false, false, false },
    { "input 7 6; conv2d 2 tanh kernel=2", false, false, false },
    { "input 7 6; conv2d 2 relu kernel=2", false, false, false },
    { "input 6 2; conv1d 3 relu kernel=2 padding=causal", false, true, false },
    { "input 5 2; rnn 3 sequences=on", false, true, false },
    { "input 5 2; rnn 3 sequences=on", false, false, true },
    { "input 5 2", false, true, true },
    { "input 2", true, false, false },
    { "input 4 2", true, false, false },
};

static bool has_option(const Kind *kind, const char *name)
{
    for (int i = 0; i < kind->n_options; i++)
        if (text_equal(kind->options[i].name, name)) return true;
    return false;
}

/* Codes are for those that read codes, trees for those that need them. */
static bool suits(const struct Ground *ground, const Kind *kind)
{
    bool trees = text_equal(kind->name, "recursive");
    return ground->codes == has_option(kind, "levels") && ground->trees == trees;
}

static bool stands(const char *text)
{
    NetDef *def = net_text(text);
    if (!def) return false;
    Net *net = toy_net(def, 3);
    net_unref(net);
    return net != NULL;
}

/* exp fed back on itself leaves every range of numbers within a few steps. */
static bool runs_away(const Axes *axes)
{
    bool exponential = false;
    for (int k = 0; k < axes->n; k++) {
        const char *value = strchr(axes->items[k].texts[axes->items[k].at], '=');
        exponential |= value && text_equal(value + 1, "exp");
    }
    return exponential &&
           (((const LayerKind *)axes->kind)->recurs || text_equal(axes->kind->name, "recursive"));
}

static bool check_on(const struct Ground *ground, Axes *axes)
{
    char text[NETTEXT_LONGEST], options[TEXT * 6] = "";
    size_t used = 0;
    for (int k = 0; k < axes->n; k++) {
        const Axis *axis = &axes->items[k];
        used += (size_t)snprintf(options + used, sizeof options - used, " %s", axis->texts[axis->at]);
        assert_true(used < sizeof options);
    }
    snprintf(text, sizeof text, "%s; %s%s; flatten; dense 4 softplus; dense 3 softmax", ground->before,
             axes->kind->name, options);
    if (!stands(text)) return false;
    if (!runs_away(axes))
        gradients_text(text, (GradientCase){ .what = axes->kind->name,
                                             .options = options + (used > 0),
                                             .loss = loss_find("cce"),
                                             .target = 'c',
                                             .codes = ground->codes,
                                             .ragged = ground->ragged,
                                             .trees = ground->trees,
                                             .most = 24 });
    for (int k = 0; k < axes->n; k++) axes->items[k].stood[axes->items[k].at] = true;
    return true;
}

/* The net of the kind's own example, where its input has sizes. */
static bool check_example(const Kind *kind)
{
    const char *net = kind->example ? strstr(kind->example, "  input ") : NULL;
    const char *end = net ? strstr(net, "\nend\n") : NULL;
    char text[NETTEXT_LONGEST];
    if (!end || (size_t)(end - net) >= sizeof text) return false;
    snprintf(text, sizeof text, "%.*s", (int)(end - net), net);
    if (!stands(text)) return false;
    gradients_text(text, (GradientCase){ .what = kind->name, .options = "(its example)", .most = 25 });
    return true;
}

static void check_kind(const Kind *kind)
{
    Axes axes = axes_of(kind);
    int stood = 0;
    do {
        for (size_t g = 0; g < sizeof grounds / sizeof *grounds; g++)
            if (suits(&grounds[g], kind)) stood += check_on(&grounds[g], &axes);
    } while (next_values(&axes));
    if (!stood && !check_example(kind))
        fail_msg("%s stands neither on the grounds nor in its example", kind->name);
    for (int k = 0; stood && k < axes.n; k++)
        for (int v = 0; v < axes.items[k].n; v++)
            if (!axes.items[k].stood[v]) fail_msg("%s %s stands nowhere", kind->name, axes.items[k].texts[v]);
}

static void test_layers(void **state)
{
    (void)state;
    for (int i = 0; i < layer_kinds.n; i++) check_kind(layer_kinds.items[i]);
}

/* ---- activations and losses */

static void test_activations(void **state)
{
    (void)state;
    char text[NETTEXT_LONGEST];
    for (int i = 0; i < activation_kinds.n; i++) {
        const char *name = activation_kinds.items[i]->name;
        snprintf(text, sizeof text, "input 3; dense 6 %s; dense 5 %s; dense 1", name, name);
        gradients_text(text, (GradientCase){ .what = name });
        snprintf(text, sizeof text, "input 3; dense 4 tanh bias=off; dense 2 %s", name);
        gradients_text(text, (GradientCase){ .what = name });
    }
}

/* Other settings of losses than their defaults. */
static const struct Setting {
    const char *loss, *options[4];
} settings[] = {
    { "huber", { "0.2" } },         { "focal", { "0", "0.6" } },
    { "focal", { "0.5", "0.25" } }, { "pinball", { "0.1", "0.5", "0.9" } },
    { "hinge", { "squared=on" } },  { "sharpe", { "epsilon=0.1" } },
    { "ic", { "epsilon=0.1" } },
};

static void check_loss_net(const LossKind *loss, const char *activation, char target, const double *values,
                           int n)
{
    char text[NETTEXT_LONGEST], what[TEXT];
    int outputs = loss->outputs ? loss->outputs(values, n) : target == 'c' ? 3 : 1;
    snprintf(text, sizeof text, "input 3; dense 5 tanh; dense %d %s", outputs, activation);
    for (int way = 0; way < (loss->smooths ? 4 : 2); way++) {
        snprintf(what, sizeof what, "after %s, target %c%s%s", activation, target, way & 1 ? ", weights" : "",
                 way & 2 ? ", smoothing" : "");
        gradients_text(text, (GradientCase){ .what = loss->kind.name,
                                             .options = what,
                                             .loss = loss,
                                             .settings = values,
                                             .target = target,
                                             .weights = way & 1,
                                             .smoothing = way & 2 ? (real)0.2 : 0 });
    }
}

/* Behind every activation that goes with the loss and the target. */
static int check_loss(const LossKind *loss, const double *values, int n)
{
    int checked = 0;
    for (const char *target = loss->targets; *target; target++)
        for (int i = 0; i < activation_kinds.n; i++) {
            const char *activation = activation_kinds.items[i]->name;
            if (loss->fused && !text_equal(loss->fused, activation)) continue;
            check_loss_net(loss, activation, *target, values, n);
            checked++;
        }
    return checked;
}

static void test_losses(void **state)
{
    (void)state;
    for (int i = 0; i < loss_kinds.n; i++) {
        const LossKind *loss = (const LossKind *)loss_kinds.items[i];
        double values[LOSS_SETTINGS] = { 0 };
        int n = loss_settings(loss, NULL, values);
        assert_true(check_loss(loss, values, n) > 0);
    }
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        const LossKind *loss = loss_find(settings[i].loss);
        Arena *arena = arena_new();
        Options options;
        double values[LOSS_SETTINGS] = { 0 };
        assert_true(toy_options(arena, &loss->kind, settings[i].options, &options, NULL));
        int n = loss_settings(loss, &options, values);
        check_loss(loss, values, n);
        arena_free(arena);
    }
}

/* ---- what the trainer adds: row and class weights, label smoothing, l2 */

static const struct Training {
    const char *net, *loss;
    double smoothing;
    bool weights;
    int class_weight;
} trainings[] = {
    { "input 3; dense 5 tanh l2=0.3; dense 3 softmax", "cce", 0.2, true, 1 },
    { "input 3; dense 5 tanh; dense 3 softmax l2=0.1", "cce", 0, false, 1 },
    { "input 3; dense 5 tanh l2=0.2; dense 1 sigmoid", "bce", 0.1, true, 1 },
    { "input 3; dense 5 tanh l2=0.2; dense 1 sigmoid", "focal", 0, true, 1 },
    { "input 3; dense 5 tanh; dense 1 l2=0.5", "mse", 0, true, 0 },
};

static TrainData *training_data(const struct Training *t)
{
    char kind = text_equal(t->loss, "cce") ? 'c' : text_equal(t->loss, "mse") ? 'n' : 'b';
    TrainData *own = toy_data(GRADIENT_ROWS, 0, 3, kind), *data = traindata_new();
    real weights[GRADIENT_ROWS];
    for (uint32_t i = 0; i < GRADIENT_ROWS; i++) weights[i] = 1 + toy_number(2, i) / 2;
    data->n_features = 3;
    data->target_kind = own->target_kind;
    data->n_levels = own->n_levels;
    assert_true(traindata_set(data, &data->train, own->train.x, own->train.y, t->weights ? weights : NULL,
                              GRADIENT_ROWS, NULL));
    traindata_free(own);
    return data;
}

/* What one epoch of a single batch minimises, at the net's weights; gradient (n_weights) or NULL. */
static double train_once(const struct Training *t, const Net *net, double *gradient)
{
    Arena *arena = arena_new();
    Err err = { 0 };
    TrainConfig config = toy_config(1, GRADIENT_ROWS);
    config.lr = 1e-30; /* the penalty is that of the weights after the step */
    config.label_smoothing = t->smoothing;
    config.class_weight = t->class_weight;
    toy_kind(&config, arena, &optimizer_kinds, "sgd");
    toy_kind(&config, arena, &loss_kinds, t->loss);
    Trainer *trainer = trainer_new(net, training_data(t), &config, NULL, &err);
    if (!trainer) fail_msg("%s", err.message);
    trainer_run(trainer, &err);
    double value = trainer->history->rows[0].train_loss;
    for (size_t i = 0; gradient && i < net->plan->n_weights; i++) gradient[i] = trainer->gradients[i];
    trainer_free(trainer);
    arena_free(arena);
    return value;
}

static void check_training(const struct Training *t)
{
    Net *net = toy_net(net_text(t->net), 3);
    assert_non_null(net);
    double gradient[128], worst = 0;
    assert_true(net->plan->n_weights <= 128);
    train_once(t, net, gradient);
    for (size_t i = 0; i < net->plan->n_weights; i++) {
        real *value = &net->params->values[i], kept = *value;
        *value = kept + 1e-5;
        double up = train_once(t, net, NULL);
        *value = kept - 1e-5;
        double numeric = (up - train_once(t, net, NULL)) / 2e-5;
        *value = kept;
        worst = fmax(worst, fabs(numeric - gradient[i]) / fmax(fabs(numeric) + fabs(gradient[i]), 1e-3));
    }
    if (gradients_tabled())
        printf("%-14s %-58s %6zu %5d  %.1e\n", "train", t->net, net->plan->n_weights, 0, worst);
    if (!(worst < GRADIENT_TOLERANCE)) fail_msg("train %s %s: relative error %.2g", t->loss, t->net, worst);
    net_unref(net);
}

static void test_training(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof trainings / sizeof *trainings; i++) check_training(&trainings[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_activations),
        cmocka_unit_test(test_losses),
        cmocka_unit_test(test_layers),
        cmocka_unit_test(test_training),
    };
    if (gradients_tabled())
        printf("%-14s %-58s %6s %5s  %s\n", "kind", "options", "looked", "kinks", "worst");
    return cmocka_run_group_tests_name("double_gradcheck", tests, NULL, NULL);
}
