tcplife-report fixtures/sample.tlz -p 812,901
