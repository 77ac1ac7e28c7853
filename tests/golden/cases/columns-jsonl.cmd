tcplife-report fixtures/sample.tlz --columns ms,comm,owner --jsonl --top 3
