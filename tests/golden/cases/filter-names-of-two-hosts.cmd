# A name stands for another number on each host.
sed 's/"host":"[^"]*"/"host":"other"/; s/"uid":33\b/"uid":34/; s/"id":33,/"id":34,/' fixtures/sample.jsonl > other.jsonl
tcplife-report --input jsonl other.jsonl --write other.tlz
tcplife-report fixtures/sample.tlz other.tlz --csv -u www-data | wc -l
tcplife-report fixtures/sample.tlz other.tlz --write both.tlz
tcplife-report both.tlz --jsonl --columns uid -u www-data | sort | uniq -c
tcplife-report both.tlz --jsonl --columns uid -u 33 | sort | uniq -c
