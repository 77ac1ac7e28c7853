mkdir d
tcplife-report d
