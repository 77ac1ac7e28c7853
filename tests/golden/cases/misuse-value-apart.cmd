tcplife-report --flows raddr fixtures/sample.tlz
