tcplife-report fixtures/good-states.tlz --jsonl --with-meta | wc -l
