# A session that ends at the time itself is in what begins with it, and not in what ends with it.
tcplife-report fixtures/good-bare.tlz --jsonl --columns close_us
for option in --since --until; do
    tcplife-report fixtures/good-bare.tlz --jsonl --columns close_us $option 2026-05-01T09:00:00.000002Z
done
