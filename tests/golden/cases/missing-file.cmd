tcplife-report nothing.tlz
