tcplife-report fixtures/sample.tlz --style bpftrace -w
status=$?
# Nothing is left behind.
ls | grep -v fixtures
exit $status
