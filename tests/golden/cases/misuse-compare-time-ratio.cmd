tcplife-report fixtures/sample.tlz --flows --compare fixtures/sample.tlz --columns last_us_ratio
