echo precious >x.tlz
tcplife-report fixtures/good-bare.tlz --write x.tlz --force
tcplife-report x.tlz --csv
