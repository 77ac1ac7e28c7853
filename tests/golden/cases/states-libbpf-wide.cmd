tcplife-report -q --states --style libbpf -w fixtures/good-states.tlz
