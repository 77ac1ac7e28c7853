tcplife-report -q --states -T -t fixtures/good-states.tlz
