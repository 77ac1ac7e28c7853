tcplife-report fixtures/sample.tlz --flows --columns sessions_before
