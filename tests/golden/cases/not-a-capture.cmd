echo hello >x.tlz
tcplife-report x.tlz
