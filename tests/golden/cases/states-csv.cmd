tcplife-report -q --states -s -Tt fixtures/good-states.tlz
