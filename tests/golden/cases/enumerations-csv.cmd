tcplife-report fixtures/good-enumerations.tlz --csv
