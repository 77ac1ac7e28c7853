head -c -20 fixtures/good-losses.tlz >cut.tlz
tcplife-report cut.tlz --jsonl --with-meta
