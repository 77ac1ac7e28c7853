tcplife-report fixtures/sample.tlz -T --style bpftrace
status=$?
# Nothing is left behind.
ls | grep -v fixtures
exit $status
