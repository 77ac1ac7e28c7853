tcplife-report --summary fixtures/good-enumerations.tlz
