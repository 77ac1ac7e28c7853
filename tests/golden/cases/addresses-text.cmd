tcplife-report fixtures/good-addresses.tlz
