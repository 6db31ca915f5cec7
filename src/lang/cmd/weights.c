/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/bind.h"
#include "lang/session.h"
#include "lang/weights_report.h"

static const OptionSpec options[] = {
    { "net", OPTION_NET, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL, "a net with weights" },
    { "layer", OPTION_LAYER, OPTION_POSITIONAL, NULL, 0, 0, NULL, NULL, "one of its layers; all without it" },
    { "view", OPTION_WORD, 0, "heat", 0, 0, "heat|hinton|hist|table", NULL,
      "a heat map, squares, a histogram, numbers" },
};

static bool has_layer(const Net *net, const char *layer)
{
    TensorStats tensor;
    for (int i = 0; net_tensor(net, i, &tensor); i++)
        if (text_equal(tensor.layer, layer)) return true;
    return false;
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    const char *name = option_text(&call->options, "net"), *layer = option_text(&call->options, "layer");
    const char *view = option_text(&call->options, "view");
    const Net *net = session_net(session, name, err);
    if (!net) return false;
    if (!net->params) return ERR_AT(err, call_span(call, "net"), no_weights, name);
    if (layer && !has_layer(net, layer))
        return ERR_AT(err, call_span(call, "layer"), no_weights_in_layer, name, layer);
    bool full = session->prompt && !session->quiet && !text_equal(view, "table");
    if (full && session->display->view_weights(session->display, net, layer, view)) view = "table";
    weights_report(result, net, layer, view);
    return true;
}

const CommandKind command_weights = {
    .kind = { .name = "weights",
              .help = "the weights of a net: heat map, Hinton diagram, histogram, or a table",
              .more = "At the prompt the views fill the screen: arrow keys move, n and p change the tensor, "
                      "v the view, q "
                      "leaves. In a script they are printed. Rows are inputs, columns are units; spectral is "
                      "the largest "
                      "singular value; a unit is dead when all its incoming weights are 0.",
              KIND_OPTIONS(options),
              .example = "net tiny\n  input 4\n  dense 3 relu\n  dense 1 sigmoid\nend\nsummary tiny\nweights "
                         "tiny view=heat",
              .since = "1" },
    .group = "Looking inside",
    .flags = COMMAND_LAST,
    .run = run,
};
