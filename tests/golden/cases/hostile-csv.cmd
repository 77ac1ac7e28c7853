tcplife-report fixtures/good-hostile.tlz --csv
