mkdir d
cp fixtures/good-bare.jsonl d/
tcplife-report --input jsonl d/ --columns lport --csv
