tcplife-report --histogram close_us --tz Asia/Kathmandu fixtures/good-two-hosts.tlz
