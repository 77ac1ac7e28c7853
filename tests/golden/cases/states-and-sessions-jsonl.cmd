tcplife-report --sessions --states --jsonl --with-meta fixtures/good-states.tlz
