tcplife-report fixtures/sample.tlz --netns 4294967296
