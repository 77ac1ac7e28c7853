tcplife-report --schema duckdb
