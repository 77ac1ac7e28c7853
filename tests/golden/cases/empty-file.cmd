: >x.tlz
tcplife-report x.tlz
