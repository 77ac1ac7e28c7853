# The result is whole; that what it was made from was not stays known.
{ head -c 400 fixtures/good-losses.tlz; printf '\377\377\377\377'; tail -c +405 fixtures/good-losses.tlz; } >bad.tlz
tcplife-report -q bad.tlz --write x.tlz
tcplife-report -q x.tlz --info --columns reason,clean_end,damage_count --csv
head -c -20 bad.tlz >cut.tlz
tcplife-report -q cut.tlz --write y.tlz
tcplife-report -q y.tlz --info --columns reason,clean_end,damage_count --csv
tcplife-report -q fixtures/sample.tlz bad.tlz cut.tlz --write z.tlz
tcplife-report -q z.tlz --info --columns reason,clean_end --csv
