tcplife-report --columns comm,tx_byts fixtures/sample.tlz
