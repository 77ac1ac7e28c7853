printf '%s' 0123456789abcdefghijklmnopqrstuv >key; chmod 644 key
tcplife-report fixtures/sample.tlz --anonymize=key --top 1
