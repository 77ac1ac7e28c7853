# A key of this run, and what is said of it; quietly, nothing is.
tcplife-report fixtures/sample.tlz --anonymize --info 2>&1 >/dev/null | sed 's/key [a-z2-7]*/key KEY/'
tcplife-report -q fixtures/sample.tlz --anonymize >/dev/null
