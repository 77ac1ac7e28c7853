# What was found in the file stands in its first recording alone.
{ cat fixtures/good-two-hosts.tlz; echo garbage; } >bad.tlz
tcplife-report -q bad.tlz --info --json | tr -d '\n' | grep -o '"damage":\[[^]]*\]'
