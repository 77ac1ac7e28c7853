LC_ALL=C.UTF-8 tcplife-report --histogram tx_bytes fixtures/sample.tlz
