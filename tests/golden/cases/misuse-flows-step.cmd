tcplife-report fixtures/sample.tlz --flows=close_us/0s
