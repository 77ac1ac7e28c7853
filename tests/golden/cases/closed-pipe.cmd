# Quiet, whether SIGPIPE ends it or not.
tcplife-report fixtures/sample.tlz | true
(trap "" PIPE; tcplife-report fixtures/sample.tlz) | true
