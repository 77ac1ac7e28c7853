head -c -20 fixtures/good-losses.tlz >cut.tlz
tcplife-report cut.tlz --write x.tlz
echo $?
tcplife-report x.tlz --info --columns sessions,lost,reason,clean_end
