tcplife-report --summary fixtures/good-figures.tlz
