tcplife-report --summary --top 20 fixtures/good-addresses.tlz
