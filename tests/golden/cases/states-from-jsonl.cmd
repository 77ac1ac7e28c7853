# Rows alone, and with all that is known: they say the same when they are read back.
tcplife-report -q --states --jsonl fixtures/good-states.tlz > rows
tcplife-report -q --input jsonl --states --jsonl rows | cmp - rows
tcplife-report -q --states --sessions --jsonl --with-meta fixtures/good-states.tlz > all
tcplife-report -q --input jsonl --write x.tlz all
tcplife-report -q --states --sessions --jsonl --with-meta x.tlz | sed s/x.tlz/all/ > again
sed s:fixtures/good-states.tlz:all: all | cmp - again
wc -l < rows
