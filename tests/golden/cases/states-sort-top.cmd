tcplife-report -q --states --sort in_old_us --top 5 fixtures/good-states.tlz
