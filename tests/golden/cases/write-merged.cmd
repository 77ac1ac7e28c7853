tcplife-report fixtures/good-two-hosts.tlz fixtures/good-losses.tlz --write x.tlz
tcplife-report x.tlz --info --columns source,capture_id,host,sessions,lost --csv
tcplife-report x.tlz --columns close_us,comm --csv
