tcplife-report --histogram ms --csv --columns bar fixtures/sample.tlz
