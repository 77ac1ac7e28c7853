tcplife-report --schema clickhouse=modern
