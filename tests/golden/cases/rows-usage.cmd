for options in '--rows' '--rows x' '--rows=' '--rows clickhouse --csv' '--rows clickhouse --rows duckdb' '--rows clickhouse --columns ms' \
    '--rows clickhouse --flows' '--rows duckdb --states' '--rows duckdb --style bcc' '--rows duckdb -T' '--rows duckdb --list-columns' \
    '--rows duckdb --with-meta' '--schema=x' '--schema duckdb' '--schema clickhouse --json'; do
    # shellcheck disable=SC2086 # several words
    tcplife-report fixtures/sample.tlz $options >printed
    echo "$?: $(wc -c <printed)"
done
