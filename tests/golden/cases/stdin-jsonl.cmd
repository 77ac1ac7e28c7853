cat fixtures/good-bare.jsonl | tcplife-report --input jsonl -
