tcplife-report fixtures/good-empty.tlz --csv
