tcplife-report fixtures/good-addresses.tlz -4
