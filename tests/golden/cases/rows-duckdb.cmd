tcplife-report fixtures/sample.tlz --rows duckdb --top 5; tcplife-report fixtures/good-hostile.tlz --rows duckdb
