tcplife-report --summary fixtures/good-bare.tlz
