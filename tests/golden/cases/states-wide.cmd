tcplife-report -q --states -w fixtures/good-states.tlz
