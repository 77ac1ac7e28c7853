tcplife-report fixtures/sample.tlz --flows=close_us/1s --columns close_us/1s,sessions,ms_p50,segs_out_mean --sort close_us/1s:asc --csv
