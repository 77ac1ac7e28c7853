printf '%s' 0123456789abcdefghijklmnopqrstuv >key; chmod 600 key
tcplife-report fixtures/sample.tlz --anonymize=key -T --top 5
tcplife-report fixtures/sample.tlz --anonymize=key --flows
