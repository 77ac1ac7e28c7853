tcplife-report fixtures/sample.tlz --info --columns host,kernel,sessions,bytes_per_session,lost
