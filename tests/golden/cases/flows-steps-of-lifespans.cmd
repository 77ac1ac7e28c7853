tcplife-report fixtures/sample.tlz --flows=ms/100ms,srtt_us/10ms --columns ms/100ms,srtt_us/10ms,sessions --sort ms/100ms:asc --top 5
