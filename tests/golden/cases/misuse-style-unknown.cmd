tcplife-report fixtures/sample.tlz --style bpf
status=$?
# Nothing is left behind.
ls | grep -v fixtures
exit $status
