printf '%s' 0123456789abcdefghijklmnopqrstuv >key; chmod 600 key
tcplife-report fixtures/good-empty.tlz --anonymize=key
tcplife-report fixtures/good-empty.tlz --anonymize=key --write x.tlz
tcplife-report x.tlz --info --columns file,host,provenance,anonymized
