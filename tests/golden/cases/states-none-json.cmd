tcplife-report --states --json fixtures/good-bare.tlz
