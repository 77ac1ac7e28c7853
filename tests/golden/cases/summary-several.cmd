tcplife-report --summary fixtures/good-two-hosts.tlz fixtures/sample.tlz fixtures/good-by-hand.tlz
