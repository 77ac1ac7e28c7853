tcplife-report fixtures/sample.tlz --sort ms --top 3 --write x.tlz
tcplife-report x.tlz
