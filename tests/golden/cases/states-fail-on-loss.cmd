for view in --sessions --states --flows --info; do
    tcplife-report -q --fail-on-loss $view fixtures/good-states.tlz > all
    echo "$view $?"
done
grep -v "\"of\":\"sessions\"" fixtures/good-states.jsonl > x.jsonl
for view in --sessions --states --info; do
    tcplife-report -q --fail-on-loss --input jsonl $view x.jsonl > all
    echo "$view without lost sessions $?"
done
