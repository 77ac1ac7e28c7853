tcplife-report fixtures/good-hostile.tlz --info --csv
