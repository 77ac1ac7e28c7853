tcplife-report --timeline 36526d fixtures/sample.tlz
