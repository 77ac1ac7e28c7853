# JSON lines become an anonymized capture by the same pipe.
printf '%s' 0123456789abcdefghijklmnopqrstuv >key; chmod 600 key
tcplife-report --input jsonl fixtures/sample.jsonl --anonymize=key --write a.tlz
tcplife-report -q fixtures/sample.tlz --anonymize=key --write b.tlz
tcplife-report a.tlz --csv >a.csv; tcplife-report b.tlz --csv >b.csv; cmp a.csv b.csv
