tcplife-report --verify --jsonl --columns sessions,states,lost,states_lost fixtures/good-states.tlz
