tcplife-report fixtures/sample.tlz --flows=close_us/36526d
