tcplife-report -q fixtures/good-hostile.tlz fixtures/good-addresses.tlz fixtures/good-bare.tlz --style bpftrace
