tcplife-report --histogram clos_us fixtures/sample.tlz
