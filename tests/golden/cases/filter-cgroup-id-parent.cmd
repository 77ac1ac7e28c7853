# A group's id selects those within by their paths, whichever name comes first.
group='{"type":"name","kind":"cgroup","id":77,"name":"/system.slice"}'
sed "2i $group" fixtures/sample.jsonl > before.jsonl
sed "16i $group" fixtures/sample.jsonl > after.jsonl
tcplife-report fixtures/sample.tlz --csv --cgroup /system.slice > by-path
for file in before after; do
    tcplife-report --input jsonl $file.jsonl --csv --cgroup 77 | cmp - by-path
done
tcplife-report fixtures/sample.tlz --csv --cgroup 77 | wc -l
