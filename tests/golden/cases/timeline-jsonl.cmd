tcplife-report --timeline 1h --jsonl --tz Asia/Kathmandu fixtures/sample.tlz
