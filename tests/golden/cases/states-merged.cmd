# By time: the second recording is another capture here.
for source in 1 2; do
    { grep -A99 "\"source\":$source,\"capture_id\"" fixtures/good-states.jsonl | sed "2,\$ { /\"capture_id\"/,\$ d; }"
    } > $source.jsonl
    tcplife-report -q --input jsonl $source.jsonl --write $source.tlz
done
tcplife-report -q --states --columns time_us,laddr,new_state 1.tlz 2.tlz
