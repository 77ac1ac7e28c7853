# Until the new capture is whole the old one stays, and no other file does.
echo precious >x.tlz
printf '%s\n' '{"close_us":1777626000000001,"laddr":"192.0.2.1","lport":1,"raddr":"192.0.2.2","rport":2}' nonsense >x.jsonl
tcplife-report --input jsonl x.jsonl --write x.tlz --force
status=$?
cat x.tlz
ls -A
exit $status
