tcplife-report fixtures/sample.tlz --csv
