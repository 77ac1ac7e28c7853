tcplife-report fixtures/good-losses.tlz fixtures/good-bare.tlz --json --columns close_us,comm
