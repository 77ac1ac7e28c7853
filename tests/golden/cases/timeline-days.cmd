tcplife-report --timeline 1d fixtures/good-figures.tlz
