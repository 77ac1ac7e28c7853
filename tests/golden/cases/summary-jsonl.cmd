tcplife-report --summary --jsonl --top 1 fixtures/good-losses.tlz
