printf '%s' 0123456789abcdefghijklmnopqrstuv >key; chmod 600 key
tcplife-report fixtures/bad-flipped-body.tlz --anonymize=key --info --columns file,damage_count,anonymized
