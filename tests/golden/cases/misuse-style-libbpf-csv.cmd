tcplife-report fixtures/sample.tlz --style libbpf --csv
status=$?
# Nothing is left behind.
ls | grep -v fixtures
exit $status
