tcplife-report --histogram ms --write x.tlz fixtures/sample.tlz
