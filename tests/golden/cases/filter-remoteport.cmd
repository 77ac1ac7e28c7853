tcplife-report fixtures/sample.tlz --remoteport 5432
