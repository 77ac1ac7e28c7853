tcplife-report fixtures/sample.tlz --style libbpf -t
status=$?
# Nothing is left behind.
ls | grep -v fixtures
exit $status
