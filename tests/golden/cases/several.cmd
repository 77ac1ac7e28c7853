# Merged by time.
tcplife-report fixtures/good-losses.tlz fixtures/good-bare.tlz fixtures/good-two-hosts.tlz --columns close_us,comm --csv
