tcplife-report -q --states --style libbpf -T fixtures/good-states.tlz
