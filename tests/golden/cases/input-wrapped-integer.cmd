printf '%s\n' '{"close_us":{"u64":"5"},"laddr":"192.0.2.1","lport":1,"raddr":"192.0.2.2","rport":2,"cookie":18446744073709551615}' >x.jsonl
tcplife-report --input jsonl x.jsonl --csv
status=$?
printf '%s\n' '{"close_us":{"u64":"5"},"laddr":"192.0.2.1","lport":1,"raddr":"192.0.2.2","rport":2}' >x.jsonl
tcplife-report --input jsonl x.jsonl --csv
# In what is passed over it may be.
printf '%s\n' '{"close_us":5,"laddr":"192.0.2.1","lport":1,"raddr":"192.0.2.2","rport":2,"cookie":18446744073709551615,"new":{"u64":"5"}}' >x.jsonl
tcplife-report --input jsonl x.jsonl --columns close_us,cookie --csv
exit $status
