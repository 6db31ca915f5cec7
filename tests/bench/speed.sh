# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154
# Sourced by scripts/bench: a training step of each workload, and the two programs, in fns and in its peers.

# Floating-point operations of a training step that its mathematics needs, a product and a sum being two:
# batch * 2 * (forward + gradient of the weights + gradient of the inputs, which the first layer does not need).
# Of the steps of a recurrent layer the first has no state to multiply.
useful_operations() {
    local forward inputs batch
    case $1 in
    seed-ffn) batch=32 inputs=$((64 * 32 + 32)) forward=$((10 * 64 + inputs)) ;;
    seed-lstm | seed-lstm-relu)
        batch=32 inputs=$((9 * 256 * 64 + 64 * 32 + 32)) forward=$((10 * 256 * 5 + inputs))
        ;;
    wide-mlp) batch=256 inputs=$((1024 * 1024 + 1024)) forward=$((64 * 1024 + inputs)) ;;
    gru-panel) batch=64 inputs=$((29 * 192 * 64 + 64)) forward=$((30 * 192 * 8 + inputs)) ;;
    conv-series) batch=64 inputs=$((26 * 64 * 32 * 5 + 64)) forward=$((60 * 32 * 8 * 5 + inputs)) ;;
    conv-image) batch=64 inputs=$((11 * 11 * 32 * 16 * 9 + 800 * 10)) forward=$((26 * 26 * 16 * 9 + inputs)) ;;
    *) echo 0 && return ;;
    esac
    echo $((2 * batch * (2 * forward + inputs)))
}

# The C program that measures products and one-row predictions; empty where it cannot be built.
bench_numeric() {
    local folder program
    folder=$(dirname "$fns") program=tests/bench/bench_numeric
    if [ -e "$folder/Makefile" ]; then
        make -s -C "$folder" --no-print-directory "$program" >"$work/out" 2>&1 || cat "$work/out" >&2
    fi
    if [ -x "$folder/$program" ]; then echo "$folder/$program"; fi
}

# Rows of the table, appended to $work/rows: WORKLOAD THREADS WHO BEST MEDIAN OPERATIONS HASH
fns_rows() {
    local threads=$1 file workload
    for file in tests/bench/workloads/*.fns; do
        workload=$(basename "$file" .fns)
        if ! "$fns" --threads "$threads" "$file" >"$work/out" 2>"$work/err"; then
            cat "$work/err" >&2
            failed=1
            continue
        fi
        tail -n 1 "$work/out" | awk -v workload="$workload" -v threads="$threads" -v operations="$(useful_operations "$workload")" \
            '{ print workload, threads, "fns", $2, $4, operations, $NF }' >>"$work/rows"
    done
}

# The lines of peers.py ("torch 2.0 seed-ffn 170.0 us best 171.0 us median") as rows.
peer_rows() {
    awk -v threads="$1" '$5 == "us" { print $3, threads, $1 "-" $2, $4, $7, 0, "-" }' >>"$work/rows"
}

# What peers.py does not have: the LSTM with relu.
relu_rows() {
    local threads=$1 framework
    for framework in torch keras; do
        [ "$framework" = torch ] && ! has_package torch && continue
        [ "$framework" = keras ] && ! has_package tensorflow && continue
        run_peers tests/bench/peers_programs.py "$framework" second --plain --threads "$threads" --epochs 12 |
            sed 's/ second / seed-lstm-relu /'
    done | peer_rows "$threads"
}

# numeric_rows PROGRAM: the rates into $work/rates, the row of predict-row.
numeric_rows() {
    "$1" rates >"$work/rates" || failed=1
    sed -n 's/^product //p' "$work/rates"
    awk '$1 == "predict-row" { print $1, 1, "fns", $3, $5, 0, "-" }' "$work/rates" >>"$work/rows"
}

# Ratio: the time of a peer over that of fns. Share: of the faster product at 1024^3, a thread's rate times threads.
print_table() {
    awk -v rate="$(sed -n 's/^product .*: \([0-9.]*\) GFLOP.*/\1/p' "$work/rates" | sort -n | tail -n 1)" '
    function cell(workload, threads, who,   key, operations, rest) {
        key = workload SUBSEP threads SUBSEP who
        if (!(key in best)) return sprintf("%10s %10s %7s %8s %6s", "-", "-", "", "", "")
        operations = work[workload]
        rest = sprintf("%7s %8s %6s", "", "", "")
        if (who != "fns" && (workload, threads, "fns") in best)
            rest = sprintf("%7.1f %8s %6s", best[key] / best[workload, threads, "fns"], "", "")
        if (who == "fns" && operations)
            rest = sprintf("%7s %8.1f %6s", "", operations / best[key] / 1000,
                           rate ? sprintf("%.0f%%", operations / best[key] / 10 / rate / threads) : "")
        return sprintf("%10.2f %10.2f %s", best[key], median[key], rest)
    }
    {
        best[$1, $2, $3] = $4; median[$1, $2, $3] = $5
        if ($6) work[$1] = $6
        if ($3 == "fns" && $7 != "-") {
            if (!($1 in first)) first[$1] = $7
            else hash[$1] = first[$1] == $7 ? $7 ", the same" : "DIFFERENT"
        }
        if (!(($1, $3) in seen)) { seen[$1, $3] = 1; people[$1] = people[$1] " " $3 }
        if (!($1 in place)) { place[$1] = ++n; name[n] = $1 }
    }
    END {
        head = sprintf("%10s %10s %7s %8s %6s", "best us", "median us", "ratio", "GFLOP/s", "share")
        printf "%-15s %-20s |%46s |%46s |\n", "", "", "1 thread", "2 threads"
        printf "%-15s %-20s |%s |%s | weights\n", "workload", "", head, head
        for (i = 1; i <= n; i++) {
            count = split(people[name[i]], who, " ")
            for (k = 1; k <= count; k++)
                printf "%-15s %-20s |%s |%s | %s\n", k == 1 ? name[i] : "", who[k], cell(name[i], 1, who[k]),
                       cell(name[i], 2, who[k]), k == 1 ? hash[name[i]] : ""
        }
        for (i in hash) if (hash[i] == "DIFFERENT") exit 1
    }' "$work/rows"
}

part_speed() {
    local threads program
    echo '== speed: microseconds a training step, rows gathered and shuffled; OPENBLAS_* variables unset'
    echo 'PyTorch runs eagerly, Keras fits a compiled graph, scikit-learn is its MLPClassifier'
    : >"$work/rows"
    : >"$work/rates"
    sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo 2>/dev/null | head -n 1
    "$fns" --version | head -n 1
    program=$(bench_numeric)
    if [ -n "$program" ]; then
        numeric_rows "$program"
    else
        echo 'skipped: predict-row and the rates of products, for want of tests/bench/bench_numeric'
    fi
    for threads in 1 2; do
        fns_rows "$threads"
        if have_peers 'training steps'; then
            run_peers "$peers_script" --threads "$threads" \
                --only seed-ffn,seed-lstm,wide-mlp,gru-panel,conv-series,conv-image,predict-row | peer_rows "$threads"
            relu_rows "$threads"
        fi
    done
    print_table || failed=1
}

# whole COMMAND...: the least seconds of three runs; the last line it wrote is in $work/out.
whole() {
    local run TIMEFORMAT=%R
    for run in 1 2 3; do
        { time "$@" >"$work/out" 2>"$work/err"; } 2>&1 || cat "$work/err" >&2
    done | sort -n | head -n 1
}

part_programs() {
    local program framework seconds
    echo '== programs: the whole process from start to end, and a training step in its middle epoch; 1 thread'
    for program in first second; do
        seconds=$(whole "$fns" --threads 1 "demos/$program.fns")
        printf '%-8s %-22s %8.3f s  %10s us a step\n' "$program" fns "$seconds" \
            "$(sed -n 's/.* \([0-9.]*\) us a step$/\1/p' "$work/out" | tail -n 1)"
        for framework in torch keras; do
            if ! has_package "${framework/keras/tensorflow}"; then
                echo "skipped: $program in $framework, for want of it in $peers"
                continue
            fi
            seconds=$(TF_CPP_MIN_LOG_LEVEL=3 whole "$peers" tests/bench/peers_programs.py "$framework" "$program")
            printf '%-8s %-22s %8.3f s  %10s us a step\n' "$program" \
                "$(awk '{ print $1, $2 }' "$work/out")" "$seconds" "$(awk '{ print $7 }' "$work/out")"
        done
    done
}
