tcplife-report fixtures/sample.tlz --compare fixtures/sample.tlz
