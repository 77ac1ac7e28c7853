tcplife-report --sort clos_us fixtures/sample.tlz
