tcplife-report fixtures/sample.tlz --write x.tlz
tcplife-report x.tlz --json >a
tcplife-report fixtures/sample.tlz --json >b
# The same sessions.
sed -n '/^"captures"/q;p' a >a1
sed -n '/^"captures"/q;p' b >b1
cmp a1 b1
tcplife-report x.tlz --info --columns capture_id,host,provenance,sessions,reason,clean_end
