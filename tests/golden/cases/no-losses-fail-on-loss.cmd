tcplife-report fixtures/sample.tlz --fail-on-loss --top 1
