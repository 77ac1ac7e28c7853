# Causes and kinds that this version has no name for come back, up to the greatest.
cat >x.jsonl <<'EOT'
{"type":"capture"}
{"type":"loss","source":1,"cause":65536,"count":1,"from_us":1,"to_us":2}
{"type":"loss","source":1,"cause":4294967295,"count":1,"from_us":1,"to_us":2}
{"type":"name","source":1,"kind":77,"id":1,"name":"x"}
{"type":"name","source":1,"kind":4294967295,"id":1,"name":"y"}
EOT
tcplife-report -q --input jsonl x.jsonl --write x.tlz
tcplife-report -q x.tlz --jsonl --with-meta >1
tcplife-report -q --input jsonl 1 --write y.tlz
cmp x.tlz y.tlz
cat 1
