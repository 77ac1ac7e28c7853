tcplife-report --histogram min_rtt_us fixtures/sample.tlz
