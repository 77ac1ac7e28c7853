tcplife-report fixtures/sample.tlz --style bpftrace --sort ms --top 5 -q
