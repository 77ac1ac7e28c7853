# Texts and names may hold a NUL.
cat >x.jsonl <<'EOT'
{"type":"capture","capture_id":"000000000000000000000000000000aa","host":"a\\x00b","note":"\\x00"}
{"type":"name","source":1,"kind":"uid","id":1,"name":"x\\x00y"}
{"type":"capture","source":2,"capture_id":"000000000000000000000000000000aa","host":"a\\x00c","note":"\\x00\\x00"}
{"type":"end","clean_end":true,"reason":"r\\x00s"}
EOT
tcplife-report -q --input jsonl x.jsonl --write x.tlz
tcplife-report -q x.tlz --jsonl --with-meta >1
tcplife-report -q --input jsonl 1 --write y.tlz
cmp x.tlz y.tlz
cat 1
