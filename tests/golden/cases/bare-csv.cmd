tcplife-report fixtures/good-bare.tlz --csv
