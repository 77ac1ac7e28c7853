# How many bytes depends on the version of zstd.
show() {
    tcplife-report -q --info --jsonl \
        --columns sessions,states,end_sessions,end_states,lost,states_lost,provenance "$1"
}
write() {
    echo "$@"
    tcplife-report fixtures/good-states.tlz "$@" 2>&1 | sed "s/, [0-9]* bytes.*//"
    show "$2"
}
write --write both.tlz
write --write states.tlz --states
write --write sessions.tlz --sessions
write --write again.tlz --states --sessions
write --write filtered.tlz -p 901
write --write sorted.tlz --sort tx_bytes
write --write top.tlz --top 1
write --write top-states.tlz --states --sort in_old_us --top 2
tcplife-report -q top-states.tlz --states --csv
