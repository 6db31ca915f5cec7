# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154
# Sourced by scripts/bench: how the time grows with rows, steps and parameters.

# grow NAME UNIT SIZES...: microseconds of tests/bench/growth/NAME.fns at each size. Ratio: what it takes for one
# of them, over that at the size before.
grow() {
    local name=$1 unit=$2 size
    shift 2
    : >"$work/growth"
    for size; do
        if "$fns" --threads 1 "tests/bench/growth/$name.fns" "$size" >"$work/out" 2>"$work/err"; then
            echo "$size $(tail -n 1 "$work/out")" >>"$work/growth"
        else
            cat "$work/err" >&2
            failed=1
        fi
    done
    awk -v name="$name" -v unit="$unit" '
        BEGIN { printf "%12s  %14s  %12s  %s\n", name, "us " unit, "ns for one", "to linear growth" }
        {
            printf "%12d  %14.1f  %12.2f  %s\n", $1, $2, 1000 * $2 / $1,
                   (NR > 1 ? sprintf("%.2f, %.2f since the first", $2 / $1 / before, $2 / $1 / first) : "")
            before = $2 / $1
            if (NR == 1) first = before
        }' "$work/growth"
}

part_growth() {
    echo '== growth: fns on one thread'
    grow rows 'an epoch' 1000 10000 100000 1000000
    grow steps 'a step' 10 100 1000 10000
    grow parameters 'a step' 10000 100000 1000000 10000000
}
