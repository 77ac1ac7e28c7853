# The mean of the greatest lifespans is as great as they.
row='{"close_us":9223372036854775807,"open_us":0,"established_us":0,"laddr":"192.0.2.1","lport":1,"raddr":"192.0.2.2","rport":2}'
printf '%s\n' "$row" "$row" "$row" >x.jsonl
tcplife-report --input jsonl x.jsonl --flows --columns sessions,ms_min,ms_mean,ms_max --csv
