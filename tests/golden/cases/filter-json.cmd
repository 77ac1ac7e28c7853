tcplife-report fixtures/sample.tlz --json -p 5127
