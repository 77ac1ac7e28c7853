tcplife-report fixtures/sample.tlz --flows=close_us/0000000000000000000000000000000000000001m
