tcplife-report -q --states --json fixtures/good-states.tlz
