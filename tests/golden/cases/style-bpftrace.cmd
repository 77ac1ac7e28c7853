tcplife-report fixtures/sample.tlz --style bpftrace
