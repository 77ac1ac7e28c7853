# Nothing is left of it.
printf '{"close_us":1}\n' >x.jsonl
tcplife-report --input jsonl x.jsonl --write x.tlz
status=$?
ls
exit $status
