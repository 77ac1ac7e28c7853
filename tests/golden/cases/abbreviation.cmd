# A long option may be cut where it stays unique.
tcplife-report fixtures/sample.tlz --jsonl --to 1 --col comm
