# Too long, too deep, and a place far behind the beginning.
many() { i=0; while [ $i -lt $1 ]; do printf %s "$2"; i=$((i + 1)); done; }
tcplife-report fixtures/sample.tlz --filter "rport == 1$(many 4096 ' ')"
tcplife-report fixtures/sample.tlz --filter "$(many 65 '(')rport == 1$(many 65 ')')"
tcplife-report fixtures/sample.tlz --filter "$(many 65 'not ')rport == 1"
tcplife-report fixtures/sample.tlz --filter "$(many 30 'rport == 1 or ')rprot == 2$(many 30 ' or rport == 3')"
tcplife-report fixtures/sample.tlz --jsonl --filter "$(many 200 'rport == 1 or ')rport == 443" | wc -l
