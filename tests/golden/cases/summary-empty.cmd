tcplife-report --summary fixtures/good-empty.tlz
tcplife-report --summary --csv fixtures/good-empty.tlz
