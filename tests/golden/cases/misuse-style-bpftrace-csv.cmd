tcplife-report fixtures/sample.tlz -s --style bpftrace
status=$?
# Nothing is left behind.
ls | grep -v fixtures
exit $status
