# Names that stand behind the sessions: known where the capture can be read twice, and not in a pipe.
{ grep -v '"type":"name"\|"type":"end"' fixtures/sample.jsonl; grep '"type":"name"' fixtures/sample.jsonl
  grep '"type":"end"' fixtures/sample.jsonl; } > behind.jsonl
tcplife-report --input jsonl behind.jsonl --write behind.tlz
head -c "$(($(wc -c < behind.tlz) - 200))" behind.tlz > cut.tlz
for selection in '-u www-data,alice' '--cgroup /system.slice' '--cgroup 4211' '--netns init'; do
    echo "$selection" $(tcplife-report fixtures/sample.tlz --csv $selection | wc -l) \
        $(tcplife-report behind.tlz --csv $selection | wc -l) $(tcplife-report cut.tlz -q --csv $selection | wc -l) \
        $(cat fixtures/sample.tlz | tcplife-report - --csv $selection | wc -l) \
        $(cat behind.tlz | tcplife-report - --csv $selection | wc -l)
done
