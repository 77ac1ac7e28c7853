tcplife-report fixtures/sample.tlz --csv >/dev/full
