tcplife-report fixtures/good-two-hosts.tlz fixtures/good-bare.tlz fixtures/good-losses.tlz --columns close_us,comm --csv
