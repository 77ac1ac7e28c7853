tcplife-report fixtures/sample.tlz --anonymize=
