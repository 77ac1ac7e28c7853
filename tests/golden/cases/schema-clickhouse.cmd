tcplife-report --schema clickhouse
