tcplife-report fixtures/sample.tlz --netns ''
