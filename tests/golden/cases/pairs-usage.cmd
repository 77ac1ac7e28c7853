for options in --pairs=host --pairs= '--pairs --flows' '--pairs --style bcc' '--pairs --write x.tlz' '--pairs --columns ms' \
    '--pairs=hosts --columns client_host' '--pairs --with-meta' '--pairs -T'; do
    # shellcheck disable=SC2086 # several words
    tcplife-report fixtures/sample.tlz $options
    echo "$?"
done
