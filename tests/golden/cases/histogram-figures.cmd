tcplife-report --histogram tx_bytes fixtures/good-figures.tlz
tcplife-report --histogram ms fixtures/good-figures.tlz
