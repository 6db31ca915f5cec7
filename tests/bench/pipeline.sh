# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154
# Sourced by scripts/bench: from a file to windows in fns, pandas and polars, stage by stage. PIPELINE_STEPS (20000)
# rows each of PIPELINE_IDS (500) ids, 20 columns.

pipeline_rows() {
    local who=$1 threads=$2 interpreter=$3
    "$interpreter" tests/bench/pipeline.py run "$who" "$fns" "$work" "$threads" 2>"$work/err" || { cat "$work/err" >&2; failed=1; }
}

# Lines STAGE;WHO;THREADS;SECONDS;MEGABYTES as a table, the stages in the order of the first.
pipeline_table() {
    awk -F';' '
        !($1 in seen) { seen[$1] = 1; stages[++n] = $1 }
        { who = $2 " " $3; if (!(who in column)) { column[who] = 1; names[++m] = who } cell[$1, who] = sprintf("%8.3f s %6d MB", $4, $5) }
        END {
            printf "%-20s", "stage"; for (k = 1; k <= m; k++) printf "%22s", names[k]; print ""
            for (i = 1; i <= n; i++) {
                printf "%-20s", stages[i]
                for (k = 1; k <= m; k++) printf "%22s", ((stages[i], names[k]) in cell) ? cell[stages[i], names[k]] : "-"
                print ""
            }
        }'
}

part_pipeline() {
    local threads ids=${PIPELINE_IDS-500} steps=${PIPELINE_STEPS-20000}
    if ! command -v "$python" >/dev/null || [ ! -e /proc/self/clear_refs ]; then
        echo 'skipped: the pipeline, for want of Python or of /proc/self/clear_refs'
        return
    fi
    echo "== pipeline: $((ids * steps)) rows of 20 columns, $ids ids; seconds, and the peak of memory with what is held (name, threads)"
    if ! "$python" tests/bench/pipeline.py make "$fns" "$work" "$ids" "$steps" 2>"$work/err"; then
        cat "$work/err" >&2
        failed=1
        return
    fi
    : >"$work/pipeline"
    for threads in 1 2; do pipeline_rows fns "$threads" "$python" >>"$work/pipeline"; done
    if has_package pandas; then pipeline_rows pandas 1 "$peers" >>"$work/pipeline"; else echo 'skipped: pandas, which is not installed'; fi
    for threads in 1 2; do
        if has_package polars; then pipeline_rows polars "$threads" "$peers" >>"$work/pipeline"; else echo "skipped: polars, which is not installed"; fi
    done
    pipeline_table <"$work/pipeline"
    rm -f "$work"/panel.* "$work"/left.csv "$work"/right.csv
}
