tcplife-report --timeline 10s --since 2026-05-01T09:00:01Z --until 2026-05-01T09:00:30Z fixtures/good-losses.tlz
