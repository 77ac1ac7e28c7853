tcplife-report fixtures/sample.tlz -L 443,22 -p 812,2988
