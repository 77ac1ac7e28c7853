tcplife-report fixtures/sample.tlz -L 443 -L 22
