for column in pid_sum LPORT_min comm_p50 end_mean cookie_max; do
    tcplife-report --flows --columns $column fixtures/sample.tlz
done
