tcplife-report --states fixtures/good-states.tlz
