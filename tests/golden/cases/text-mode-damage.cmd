sed 's/\r$//' fixtures/good-bare.tlz >x.tlz
tcplife-report x.tlz
