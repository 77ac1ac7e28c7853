tcplife-report fixtures/sample.tlz --flows --columns comm,service,sessions,failed --csv
