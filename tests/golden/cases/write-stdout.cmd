tcplife-report fixtures/good-bare.tlz --write - | tcplife-report - --csv
