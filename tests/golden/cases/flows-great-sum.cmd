# A sum is never silently wrong.
row='{"close_us":1,"laddr":"192.0.2.1","lport":1,"raddr":"192.0.2.2","rport":2,"tx_bytes":18446744073709551615}'
printf '%s\n' "$row" "$row" >x.jsonl
tcplife-report --input jsonl x.jsonl --flows --columns sessions,tx_bytes,tx_bytes_mean --csv
