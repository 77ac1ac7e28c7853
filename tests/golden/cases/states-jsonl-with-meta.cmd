tcplife-report -q --states --jsonl --with-meta fixtures/good-states.tlz
