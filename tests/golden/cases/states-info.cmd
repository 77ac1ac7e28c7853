tcplife-report --info fixtures/good-states.tlz
