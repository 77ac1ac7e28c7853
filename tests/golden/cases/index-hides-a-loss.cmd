# An index that hides a loss is not believed: all losses are told.
tcplife-report fixtures/bad-index-before.tlz --until '2026-05-01 09:00:00.5'
