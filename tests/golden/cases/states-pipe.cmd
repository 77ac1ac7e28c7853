cat fixtures/good-states.tlz | tcplife-report -q --states --csv - | tail -n 2
