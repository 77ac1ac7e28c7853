tcplife-report fixtures/good-addresses.tlz --flows=raddr/24/32,close_us/1s --json
