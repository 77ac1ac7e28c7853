{ printf '{"a":"'; head -c 2000000 /dev/zero | tr '\0' a; echo '"}'; } >x.jsonl
tcplife-report --input jsonl x.jsonl
