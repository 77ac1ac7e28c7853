tcplife-report fixtures/good-losses.tlz fixtures/good-two-hosts.tlz --info --columns file,source,host,sessions,lost
