cat fixtures/good-bare.tlz | tcplife-report - fixtures/good-losses.tlz --columns close_us,comm --csv
