{ cat fixtures/good-bare.tlz; echo garbage; } >bad.tlz
tcplife-report bad.tlz
