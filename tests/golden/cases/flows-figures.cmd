tcplife-report fixtures/sample.tlz --flows=comm --columns comm,sessions,failed_share,retrans_share,ms_p99.9,srtt_us_p50,tx_bytes_sum,segs_out_mean,open_us_min,tx_bytes_count
