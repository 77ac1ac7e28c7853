tcplife-report fixtures/sample.tlz --info --columns host,sessions,clean_end --csv
