tcplife-report -q --states --jsonl fixtures/good-states.tlz
