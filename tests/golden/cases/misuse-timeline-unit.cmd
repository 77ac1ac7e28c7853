# A second, a minute?
for step in 1 1.5 60; do
    tcplife-report --timeline $step fixtures/sample.tlz
    [ $? -eq 2 ] || echo "not misuse: $step"
done
tcplife-report --flows=close_us/60 fixtures/sample.tlz
# 2 us, 3 us?
tcplife-report --flows=srtt_us/2.5us fixtures/sample.tlz
