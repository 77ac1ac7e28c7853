tcplife-report --timeline 1s --columns from_us,ended,opened,ms_p50,bar --sort opened --top 3 fixtures/sample.tlz
