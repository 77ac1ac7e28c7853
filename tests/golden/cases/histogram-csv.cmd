tcplife-report --histogram end --csv fixtures/sample.tlz
